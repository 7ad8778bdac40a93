import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconHeadset, IconPhone } from '@tabler/icons-react';
import type { AgentStatus, Device } from '#domain/agent/agent-status.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { Dialog } from '#ui/dialog.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { tellFailure } from '#ui/tell.ts';
import { thisStation } from '#ui/live/station.ts';

const DEVICES: readonly { device: Device; name: string; icon: typeof IconPhone }[] = [
  { device: 'softphone', name: 'In this browser', icon: IconHeadset },
  { device: 'desk-phone', name: 'At my desk phone', icon: IconPhone },
];

/** Makes this browser the agent's station; who takes calls says what they ring at. */
export function LogInButton({ status }: { status: AgentStatus | undefined }) {
  const { me } = useLive();
  const [isElsewhere, elsewhere] = useDisclosure(false);

  const logIn = async (device = status?.device): Promise<void> => {
    try {
      await server.logIn({ body: { station: thisStation(), takeOver: false, device } });
    } catch (failure) {
      if (failure instanceof ApiFailure && failure.code === 'logged-in-elsewhere') elsewhere.open();
      else tellFailure(failure);
    }
  };

  return (
    <>
      {status || !me.channels.includes('voice') ? (
        <Button size="xs" onClick={status ? elsewhere.open : () => void logIn()}>
          {status ? 'Take over' : 'Log in'}
        </Button>
      ) : (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button size="xs" rightSection={<IconChevronDown size={14} />}>
              Log in
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>Calls ring</Menu.Label>
            {DEVICES.map(({ device, name, icon: Icon }) => (
              <Menu.Item
                key={device}
                leftSection={<Icon size={16} />}
                onClick={() => void logIn(device)}
              >
                {name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Dialog
        title="You are logged in elsewhere"
        isOpen={isElsewhere}
        onClose={elsewhere.close}
        deed="Take over"
        act={() =>
          server.logIn({
            body: { station: thisStation(), takeOver: true, device: status?.device },
          })
        }
        otherwise="Stay there"
      >
        <Text size="sm">
          Another browser is your station now. Taking over moves your work here and ends that one.
        </Text>
      </Dialog>
    </>
  );
}

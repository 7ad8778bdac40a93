import { Box, Container, NavLink } from '@mantine/core';
import {
  IconAddressBook,
  IconAdjustments,
  IconBuilding,
  IconChecklist,
  IconClockHour9,
  IconDoorEnter,
  IconHeartbeat,
  IconHistory,
  IconMail,
  IconMailPause,
  IconShieldCheck,
  IconPlug,
  IconStack2,
  IconTags,
  IconTemplate,
  IconTextPlus,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { useSyncExternalStore, type ComponentType, type ReactNode } from 'react';
import { Shell } from '#ui/live/shell.tsx';
import { useLive } from '#ui/live/use-live.ts';
import classes from './control-panel.module.css';
import { ContactsScreen } from './contacts/contacts-screen.tsx';
import { DocumentScreen } from './documents/document-screen.tsx';
import { SHEETS } from './documents/sheets.ts';
import { MailboxesSign } from './mail/mailboxes-sign.tsx';
import { QuarantineScreen } from './mail/quarantine-screen.tsx';
import { Changes } from './system/changes.tsx';
import { ComponentsScreen } from './system/components-screen.tsx';
import { Promises } from './system/promises.tsx';
import { Seats } from './system/seats.tsx';

interface Screen {
  readonly path: string;
  readonly name: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly render: () => ReactNode;
  /** Beside its name, where it calls for somebody. */
  readonly sign?: () => ReactNode;
}

const SCREENS: readonly Screen[] = [
  {
    path: 'agents',
    name: 'Agents',
    icon: IconUsers,
    render: () => <DocumentScreen sheet={SHEETS.agent} />,
  },
  {
    path: 'queues',
    name: 'Queues',
    icon: IconStack2,
    render: () => <DocumentScreen sheet={SHEETS.queue} />,
  },
  {
    path: 'skills',
    name: 'Skills',
    icon: IconAdjustments,
    render: () => <DocumentScreen sheet={SHEETS.skill} />,
  },
  {
    path: 'entry-points',
    name: 'Entry points',
    icon: IconDoorEnter,
    render: () => <DocumentScreen sheet={SHEETS['entry-point']} />,
  },
  {
    path: 'opening-hours',
    name: 'Opening hours',
    icon: IconClockHour9,
    render: () => <DocumentScreen sheet={SHEETS.schedule} />,
  },
  {
    path: 'codes',
    name: 'Codes',
    icon: IconTags,
    render: () => <DocumentScreen sheet={SHEETS.code} />,
  },
  {
    path: 'canned-texts',
    name: 'Canned texts',
    icon: IconTextPlus,
    render: () => <DocumentScreen sheet={SHEETS['canned-text']} />,
  },
  {
    path: 'mailboxes',
    name: 'Mailboxes',
    icon: IconMail,
    render: () => <DocumentScreen sheet={SHEETS.mailbox} />,
    sign: () => <MailboxesSign />,
  },
  {
    path: 'quarantine',
    name: 'Quarantine',
    icon: IconMailPause,
    render: () => <QuarantineScreen />,
  },
  {
    path: 'mail-templates',
    name: 'E-mail templates',
    icon: IconTemplate,
    render: () => <DocumentScreen sheet={SHEETS['mail-template']} />,
  },
  { path: 'contacts', name: 'Contacts', icon: IconAddressBook, render: () => <ContactsScreen /> },
  {
    path: 'integrations',
    name: 'Integrations',
    icon: IconPlug,
    render: () => <DocumentScreen sheet={SHEETS.integration} />,
  },
  {
    path: 'webhooks',
    name: 'Webhooks',
    icon: IconWebhook,
    render: () => <DocumentScreen sheet={SHEETS.webhook} />,
  },
  {
    path: 'organisation',
    name: 'Organisation',
    icon: IconBuilding,
    render: () => <DocumentScreen sheet={SHEETS.organisation} />,
  },
  { path: 'components', name: 'Health', icon: IconHeartbeat, render: () => <ComponentsScreen /> },
  {
    path: 'promises',
    name: 'Promises',
    icon: IconShieldCheck,
    render: () => <Promises />,
  },
  { path: 'seats', name: 'Seats', icon: IconChecklist, render: () => <Seats /> },
  { path: 'changes', name: 'Changes', icon: IconHistory, render: () => <Changes /> },
];

const readPath = (): string => location.hash.replace(/^#\/?/, '');
const watchPath = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

/** Where a centre is set up and looked after: a list of screens on the left, one of them on the right. */
export function ControlPanel() {
  useLive();
  const path = useSyncExternalStore(watchPath, readPath);
  const screen = SCREENS.find((s) => s.path === path) ?? SCREENS[0];
  return (
    <Shell current="/control-panel">
      <Box className={classes.frame}>
        <Box component="nav" aria-label="Control panel" className={classes.menu} p="sm">
          {SCREENS.map(({ path: to, name, icon: Icon, sign }) => (
            <NavLink
              key={to}
              href={`#/${to}`}
              label={name}
              active={to === screen?.path}
              {...(to === screen?.path ? { 'aria-current': 'page' as const } : {})}
              leftSection={<Icon size={18} stroke={1.7} />}
              rightSection={sign?.()}
            />
          ))}
        </Box>
        <Box className="grow scroll" tabIndex={0}>
          <Container size="lg" py="lg" key={screen?.path}>
            {screen?.render()}
          </Container>
        </Box>
      </Box>
    </Shell>
  );
}

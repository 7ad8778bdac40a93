import { Alert, Box, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPhotoOff } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { Email } from '#domain/email/email.ts';
import { emailAddress, server } from '#ui/live/server.ts';
import classes from './email.module.css';

/** Taller, and the e-mail scrolls within its frame: nobody can fill the screen with emptiness. */
const TALLEST = 6_000;

/** What an e-mail says: as its sender laid it out where that is known, in a frame in which nothing runs. */
export function EmailBody({ email }: { email: Email }) {
  const [remoteImages, setRemoteImages] = useState(false);
  const [height, setHeight] = useState<number>();
  const frame = useRef<HTMLIFrameElement>(null);
  const asks = useQuery({
    queryKey: ['email-html', email.id],
    queryFn: () =>
      server.emailHtml({ params: { id: email.conversation, email: email.id }, query: {} }),
    enabled: email.hasHtml,
    staleTime: Infinity,
  });
  if (!email.hasHtml) {
    return (
      <Text component="div" className="preserve break" dir="auto" size="sm">
        {email.text || <i>This e-mail has no text.</i>}
      </Text>
    );
  }
  const fit = (): void => {
    // The page itself is never lower than its frame; its body is as high as what stands in it.
    const body = frame.current?.contentDocument?.body;
    if (body) setHeight(Math.min(body.scrollHeight + 20, TALLEST));
  };
  return (
    <Box>
      {asks.data?.hasRemote && !remoteImages ? (
        <Alert color="gray" p="xs" mb="xs" icon={<IconPhotoOff size={16} />}>
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              Pictures of other servers are left out: loading them tells the sender that this was
              read.
            </Text>
            <Button size="compact-sm" variant="default" onClick={() => setRemoteImages(true)}>
              Show pictures
            </Button>
          </Group>
        </Alert>
      ) : null}
      <iframe
        ref={frame}
        title={`E-mail of ${email.from.name || email.from.address}`}
        src={emailAddress('showEmail', email, remoteImages)}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        className={classes.frame}
        style={{ height: height ?? 120 }}
        onLoad={fit}
      />
    </Box>
  );
}

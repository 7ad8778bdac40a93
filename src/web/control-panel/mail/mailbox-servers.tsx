import { Anchor, Input, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Receiving, Sending } from '#domain/configuration/mail.ts';
import { server } from '#ui/live/server.ts';
import type { FormParts } from '../documents/sheet.ts';
import { addressIn, providerOf, serversOf, type Provider } from './providers.ts';
import { ReceiveInput } from './receive-input.tsx';
import { SendInput } from './send-input.tsx';
import { TryIt } from './try-it.tsx';

const PROVIDERS = [
  { value: 'google', label: 'Google' },
  { value: 'microsoft', label: 'Microsoft 365' },
  { value: 'other', label: 'Another server' },
];
interface Servers {
  readonly receive: Receiving;
  readonly send: Sending | undefined;
}

/** Where a mailbox’s mail comes from and goes out by: what its provider settles is not asked. */
export function MailboxServers({ form }: { readonly form: FormParts }) {
  const { body, id } = form;
  const address = addressIn(body);
  const receive = body['receive'] as Receiving;
  const send = body['send'] as Sending | undefined;
  const [provider, setProvider] = useState<Provider>(() => providerOf(receive));
  /** What was there before another provider was looked at. */
  const [left, setLeft] = useState<Partial<Record<Provider, Servers>>>({});
  const kept = useQuery({
    queryKey: ['mailbox-secrets', id],
    queryFn: () => server.mailboxSecrets({ params: { id: id ?? '' } }),
    enabled: id !== undefined,
    staleTime: 0,
  });
  const secrets = kept.data?.secrets ?? [];
  const setProviderTo = (next: Provider): void => {
    const servers: Servers = left[next] ?? serversOf(next, address);
    setLeft({ ...left, [provider]: { receive, send } });
    setProvider(next);
    form.change('receive', servers.receive);
    form.change('send', servers.send);
  };
  return (
    <>
      <Input.Wrapper label="Where is it?">
        <Stack gap={6} mt={4}>
          <SegmentedControl
            fullWidth
            aria-label="Where is it?"
            data={PROVIDERS}
            value={provider}
            onChange={(next) => setProviderTo(next as Provider)}
          />
          <ProviderHint provider={provider} />
        </Stack>
      </Input.Wrapper>
      <Part title="Receiving">
        <ReceiveInput form={form} provider={provider} kept={secrets} value={receive} />
      </Part>
      <Part title="Sending">
        <SendInput form={form} provider={provider} kept={secrets} value={send} />
      </Part>
      <TryIt form={form} kept={secrets} />
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={title} withBorder p="md">
      <Stack gap="sm">
        <Title order={3} fz="sm">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}

function ProviderHint({ provider }: { provider: Provider }) {
  if (provider === 'other') return null;
  return (
    <Text size="xs" c="dimmed">
      {provider === 'google' ? (
        <>
          Google wants an app password: the owner of the mailbox makes one under{' '}
          <Link to="https://myaccount.google.com/apppasswords" />, once two-step verification is on.
        </>
      ) : (
        <>
          Microsoft wants an application of your own: register it at{' '}
          <Link to="https://entra.microsoft.com" />, grant it IMAP.AccessAsApp and SMTP.SendAsApp of
          Office 365 Exchange Online, and let it into this mailbox.
        </>
      )}
    </Text>
  );
}

const Link = ({ to }: { to: string }) => (
  <Anchor href={to} target="_blank" rel="noreferrer" size="xs" underline="always">
    {to.replace('https://', '')}
  </Anchor>
);

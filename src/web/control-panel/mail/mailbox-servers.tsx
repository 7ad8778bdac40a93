import {
  Anchor,
  Input,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { MailSignIn, Receiving, Sending } from '#domain/configuration/mail.ts';
import { server } from '#ui/live/server.ts';
import type { FormParts } from '../documents/sheet.ts';
import {
  USUAL_PORTS,
  blankOAuth,
  likelyHost,
  providerOf,
  receivingBy,
  sendingBy,
  serversOf,
  withServer,
  type Provider,
} from './providers.ts';
import { SEND_SIGN_IN, signInOf, signsInAlike, type Kept } from './secrets.ts';
import { ServerInput } from './server-input.tsx';
import { SignInInput } from './sign-in-input.tsx';
import { TryIt } from './try-it.tsx';

const PROVIDERS = [
  { value: 'google', label: 'Google' },
  { value: 'microsoft', label: 'Microsoft 365' },
  { value: 'other', label: 'Another server' },
];
const WAYS = [
  { value: 'imap', label: 'IMAP' },
  { value: 'pop3', label: 'POP3' },
  { value: 'smtp', label: 'Delivered here by SMTP' },
  { value: 'nothing', label: 'Not at all: it only sends' },
];
const ALIKE = 'alike';
const SEND_WAYS = [
  { value: 'password', label: 'Password' },
  { value: 'oauth', label: 'OAuth' },
  { value: 'none', label: 'Without' },
];

/** Where a mailbox's mail comes from and goes out by: what its provider settles is not asked. */
export function MailboxServers({ form }: { readonly form: FormParts }) {
  const { body, id } = form;
  const address = addressIn(body);
  const receive = body['receive'] as Receiving;
  const send = body['send'] as Sending | undefined;
  const [provider, setProvider] = useState<Provider>(() => providerOf(receive));
  const kept = useQuery({
    queryKey: ['mailbox-secrets', id],
    queryFn: () => server.mailboxSecrets({ params: { id: id ?? '' } }),
    enabled: id !== undefined,
    staleTime: 0,
  });
  const secrets = kept.data?.secrets ?? [];
  const setProviderTo = (next: Provider): void => {
    setProvider(next);
    const servers = serversOf(next, address);
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

const addressIn = (body: Readonly<Record<string, unknown>>): string =>
  typeof body['address'] === 'string' ? body['address'] : '';

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

function ReceiveInput({
  form,
  provider,
  kept,
  value,
}: {
  readonly form: FormParts;
  readonly provider: Provider;
  readonly kept: Kept;
  readonly value: Receiving;
}) {
  const address = addressIn(form.body);
  const isAlike = signsInAlike(form.body, form.beside, kept);
  const change = (next: Receiving): void => {
    form.change('receive', next);
    if (isAlike && 'signIn' in next) form.change('send.signIn', next.signIn);
  };
  return (
    <>
      {provider === 'other' ? (
        <Select
          label="How mail comes in"
          data={WAYS}
          allowDeselect={false}
          value={value.type}
          onChange={(type) =>
            change(receivingBy((type ?? 'imap') as Receiving['type'], value, address))
          }
        />
      ) : null}
      {value.type === 'smtp' ? (
        <Text size="sm" c="dimmed">
          Your own mail server, or those that the domain’s MX record invites, deliver to this
          machine. “emcee ports” prints where it listens.
        </Text>
      ) : null}
      {'host' in value ? (
        <>
          {provider === 'other' ? (
            <ServerInput
              path="receive"
              value={value}
              example={likelyHost(value.type, address)}
              ports={USUAL_PORTS[value.type]}
              problemAt={form.problemAt}
              onChange={(next) => change(withServer(value, next))}
            />
          ) : (
            <Text size="sm" c="dimmed">
              From {value.host}, encrypted.
            </Text>
          )}
          <SignInInput
            form={form}
            use="receive"
            provider={provider}
            kept={kept}
            value={value.signIn}
            onChange={(signIn) => change({ ...value, signIn })}
          />
        </>
      ) : null}
    </>
  );
}

function SendInput({
  form,
  provider,
  kept,
  value,
}: {
  readonly form: FormParts;
  readonly provider: Provider;
  readonly kept: Kept;
  readonly value: Sending | undefined;
}) {
  const address = addressIn(form.body);
  const change = (next: Sending | undefined): void => form.change('send', next);
  const receiving = signInOf(form.body, 'receive');
  const isAlike = signsInAlike(form.body, form.beside, kept);
  const setSignIn = (signIn: MailSignIn | undefined): void => {
    if (!value) return;
    const { signIn: _, ...others } = value;
    change(signIn ? { ...others, signIn } : others);
  };
  const choose = (way: string | null): void => {
    form.setBeside(SEND_SIGN_IN, way === ALIKE ? 'alike' : 'own');
    if (way === ALIKE) setSignIn(receiving);
    else if (way === 'none') setSignIn(undefined);
    else if (way === 'password') setSignIn({ type: 'password', user: address });
    else setSignIn(blankOAuth(provider, address));
  };
  return (
    <>
      <Switch
        label="Agents can answer from it"
        checked={value !== undefined}
        onChange={({ currentTarget }) =>
          change(currentTarget.checked ? sendingBy(provider, address, receiving) : undefined)
        }
      />
      {value && provider === 'other' ? (
        <ServerInput
          path="send"
          value={value}
          example={likelyHost('smtp', address)}
          ports={USUAL_PORTS.send}
          problemAt={form.problemAt}
          onChange={(next) => change(withServer(value, next))}
        />
      ) : null}
      {value && provider !== 'other' ? (
        <Text size="sm" c="dimmed">
          By {value.host}, encrypted.
        </Text>
      ) : null}
      {value ? (
        <>
          <Select
            label="Sign-in for sending"
            w={220}
            data={
              receiving ? [{ value: ALIKE, label: 'As for receiving' }, ...SEND_WAYS] : SEND_WAYS
            }
            allowDeselect={false}
            value={isAlike ? ALIKE : (value.signIn?.type ?? 'none')}
            onChange={choose}
          />
          {value.signIn && !isAlike ? (
            <SignInInput
              form={form}
              use="send"
              provider={provider}
              kept={kept}
              value={value.signIn}
              onChange={setSignIn}
            />
          ) : null}
        </>
      ) : null}
    </>
  );
}

import { Select, Text } from '@mantine/core';
import type { Receiving } from '#domain/configuration/mail.ts';
import type { FormParts } from '../documents/sheet.ts';
import {
  USUAL_PORTS,
  addressIn,
  likelyHost,
  receivingBy,
  withServer,
  type Provider,
} from './providers.ts';
import { signsInAlike, type Kept } from './secrets.ts';
import { ServerInput } from './server-input.tsx';
import { SignInInput } from './sign-in-input.tsx';

const WAYS = [
  { value: 'imap', label: 'IMAP' },
  { value: 'pop3', label: 'POP3' },
  { value: 'smtp', label: 'Delivered here by SMTP' },
  { value: 'nothing', label: 'Not at all: it only sends' },
];

/** Where a mailbox’s mail comes from. */
export function ReceiveInput({
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

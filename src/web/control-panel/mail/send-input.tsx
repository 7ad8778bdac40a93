import { Select, Switch, Text } from '@mantine/core';
import type { MailSignIn, Sending } from '#domain/configuration/mail.ts';
import type { FormParts } from '../documents/sheet.ts';
import {
  USUAL_PORTS,
  addressIn,
  blankOAuth,
  likelyHost,
  sendingBy,
  withServer,
  type Provider,
} from './providers.ts';
import { SEND_SIGN_IN, signInOf, signsInAlike, type Kept } from './secrets.ts';
import { ServerInput } from './server-input.tsx';
import { SignInInput } from './sign-in-input.tsx';

const ALIKE = 'alike';
const SEND_WAYS = [
  { value: 'password', label: 'Password' },
  { value: 'oauth', label: 'OAuth' },
  { value: 'none', label: 'Without' },
];

/** Where what agents write goes out by. */
export function SendInput({
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

import { PasswordInput, Select, TextInput } from '@mantine/core';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import { formatTime } from '#ui/time.ts';
import type { FormParts } from '../documents/sheet.ts';
import { blankOAuth, type Provider } from './providers.ts';
import {
  SECRET_NAMES,
  besideName,
  secretsOf,
  type Kept,
  type SecretKind,
  type SecretUse,
} from './secrets.ts';

type OAuth = Extract<MailSignIn, { type: 'oauth' }>;

const WAYS = [
  { value: 'password', label: 'Password' },
  { value: 'oauth', label: 'OAuth' },
];
const GRANTS = [
  { value: 'client-credentials', label: 'The application signs in by itself' },
  { value: 'refresh-token', label: 'Somebody has agreed, and there is a refresh token' },
];
const OAUTH_PROVIDERS = [
  { value: 'microsoft', label: 'Microsoft' },
  { value: 'google', label: 'Google' },
  { value: 'other', label: 'Another' },
];

/** Who signs in at a mail server and with what; only what applies is asked for. */
export function SignInInput({
  form,
  use,
  provider,
  kept,
  value,
  onChange,
}: {
  readonly form: FormParts;
  readonly use: SecretUse;
  readonly provider: Provider;
  readonly kept: Kept;
  readonly value: MailSignIn;
  readonly onChange: (value: MailSignIn) => void;
}) {
  const at = (name: string): string => `${use}.signIn.${name}`;
  return (
    <>
      {provider === 'microsoft' || use === 'send' ? null : (
        <Select
          label="Sign-in"
          w={220}
          data={WAYS}
          allowDeselect={false}
          value={value.type}
          onChange={(type) =>
            onChange(
              type === 'oauth'
                ? blankOAuth(provider, value.user)
                : { type: 'password', user: value.user },
            )
          }
        />
      )}
      <TextInput
        label="User"
        required
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={value.user}
        error={form.problemAt(at('user'))}
        onChange={({ currentTarget }) => onChange({ ...value, user: currentTarget.value })}
      />
      {value.type === 'oauth' ? (
        <OAuthInput form={form} at={at} provider={provider} value={value} onChange={onChange} />
      ) : null}
      {secretsOf(value).map((kind) => (
        <SecretInput
          key={kind}
          form={form}
          use={use}
          kind={kind}
          isOptional={kind !== secretsOf(value)[0]}
          hint={kind === 'password' && provider === 'google' ? APP_PASSWORD : undefined}
          keptSince={kept.find((each) => each.use === use && each.kind === kind)?.setAt}
        />
      ))}
    </>
  );
}

const APP_PASSWORD = 'An app password of 16 letters, not the one that people sign in with.';

function OAuthInput({
  form,
  at,
  provider,
  value,
  onChange,
}: {
  readonly form: FormParts;
  readonly at: (name: string) => string;
  readonly provider: Provider;
  readonly value: OAuth;
  readonly onChange: (value: OAuth) => void;
}) {
  const set = (name: 'tenant' | 'tokenUrl' | 'scope', text: string): void => {
    const { [name]: _, ...others } = value;
    onChange(text === '' ? others : { ...others, [name]: text });
  };
  return (
    <>
      {provider === 'other' ? (
        <Select
          label="Who gives out tokens"
          w={220}
          data={OAUTH_PROVIDERS}
          allowDeselect={false}
          value={value.provider}
          onChange={(next) =>
            onChange({ ...value, provider: (next ?? 'other') as OAuth['provider'] })
          }
        />
      ) : null}
      {value.provider === 'microsoft' ? (
        <TextInput
          label="Directory (tenant) ID"
          spellCheck={false}
          value={value.tenant ?? ''}
          error={form.problemAt(at('tenant'))}
          onChange={({ currentTarget }) => set('tenant', currentTarget.value)}
        />
      ) : null}
      <TextInput
        label={value.provider === 'microsoft' ? 'Application (client) ID' : 'Client ID'}
        required
        spellCheck={false}
        value={value.clientId}
        error={form.problemAt(at('clientId'))}
        onChange={({ currentTarget }) => onChange({ ...value, clientId: currentTarget.value })}
      />
      <Select
        label="How tokens are got"
        data={GRANTS}
        allowDeselect={false}
        value={value.grant}
        onChange={(grant) =>
          onChange({ ...value, grant: (grant ?? 'refresh-token') as OAuth['grant'] })
        }
      />
      {value.provider === 'other' ? (
        <>
          <TextInput
            label="Address that gives out tokens"
            required
            placeholder="https://login.example.com/oauth2/token"
            spellCheck={false}
            value={value.tokenUrl ?? ''}
            error={form.problemAt(at('tokenUrl'))}
            onChange={({ currentTarget }) => set('tokenUrl', currentTarget.value)}
          />
          <TextInput
            label="Scope"
            spellCheck={false}
            value={value.scope ?? ''}
            error={form.problemAt(at('scope'))}
            onChange={({ currentTarget }) => set('scope', currentTarget.value)}
          />
        </>
      ) : null}
    </>
  );
}

/** A password or token: typed, kept sealed, never shown again. */
function SecretInput({
  form,
  use,
  kind,
  isOptional,
  hint,
  keptSince,
}: {
  readonly form: FormParts;
  readonly use: SecretUse;
  readonly kind: SecretKind;
  readonly isOptional: boolean;
  readonly hint: string | undefined;
  readonly keptSince: number | undefined;
}) {
  const name = besideName(use, kind);
  const typed = form.beside[name];
  return (
    <PasswordInput
      label={SECRET_NAMES[kind]}
      description={
        keptSince === undefined
          ? (hint ?? (isOptional ? 'Only where the application has one.' : undefined))
          : `Kept since ${formatTime(keptSince)}, and never shown. What you type replaces it.`
      }
      placeholder={keptSince === undefined ? '' : '••••••••'}
      required={keptSince === undefined && !isOptional}
      autoComplete="new-password"
      maxLength={16_384}
      visibilityToggleButtonProps={{ 'aria-label': `Show what is typed as ${SECRET_NAMES[kind]}` }}
      value={typed ?? ''}
      onChange={({ currentTarget }) => form.setBeside(name, currentTarget.value)}
    />
  );
}

import { Flex, NumberInput, Select, TextInput } from '@mantine/core';
import type { MailSecurity } from '#domain/configuration/mail.ts';
import type { ProblemAt } from '../documents/field.ts';
import type { ServerAddress } from './providers.ts';

const SECURITIES = [
  { value: 'tls', label: 'TLS' },
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'none', label: 'None' },
];

/** Where a mail server is, and how the line to it is kept private. */
export function ServerInput({
  path,
  value,
  example,
  ports,
  problemAt,
  onChange,
}: {
  /** Where it stands in the document. */
  readonly path: 'receive' | 'send';
  readonly value: ServerAddress;
  readonly example: string;
  /** What a port is left out for. */
  readonly ports: Readonly<Record<MailSecurity, number>>;
  readonly problemAt: ProblemAt;
  /** A port of `undefined` is the usual one. */
  readonly onChange: (value: ServerAddress) => void;
}) {
  return (
    <Flex gap="xs" align="flex-start" wrap="wrap">
      <TextInput
        label="Server"
        required
        style={{ flex: '1 1 220px' }}
        placeholder={example}
        spellCheck={false}
        autoCapitalize="off"
        value={value.host}
        error={problemAt(`${path}.host`)}
        onChange={({ currentTarget }) => onChange({ ...value, host: currentTarget.value })}
      />
      <Select
        label="Encryption"
        w={130}
        data={SECURITIES}
        allowDeselect={false}
        value={value.security}
        error={problemAt(`${path}.security`)}
        onChange={(security) =>
          onChange({ ...value, security: (security ?? 'tls') as MailSecurity })
        }
      />
      <NumberInput
        label="Port"
        w={90}
        hideControls
        min={1}
        max={65_535}
        placeholder={String(ports[value.security])}
        value={value.port ?? ''}
        error={problemAt(`${path}.port`)}
        onChange={(port) =>
          onChange({ ...value, port: port === '' ? undefined : Math.round(Number(port)) })
        }
      />
    </Flex>
  );
}

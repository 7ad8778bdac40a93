import { TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { EmailAddress } from '#domain/email/email.ts';
import { formatAddress } from '#ui/email/email-card.tsx';
import { server } from '#ui/live/server.ts';
import { looksLikeAddress, parseAddresses } from './addresses.ts';

/** Whoever gets an e-mail: typed, pasted, or found in the contact directory. */
export function RecipientsInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: readonly EmailAddress[];
  onChange: (value: EmailAddress[]) => void;
}) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 200);
  const found = useQuery({
    queryKey: ['recipients', text],
    queryFn: () => server.searchContacts({ query: { text, limit: 8 } }),
    enabled: text.length >= 2,
    placeholderData: keepPreviousData,
  });
  const suggestions = (found.data?.contacts ?? []).flatMap(({ name, addresses }) =>
    addresses
      .filter(({ kind }) => kind === 'email')
      .map(({ value: address }) => formatAddress({ name, address })),
  );
  const wrong = value.find(({ address }) => !looksLikeAddress(address));
  return (
    <TagsInput
      aria-label={label}
      leftSection={label}
      leftSectionWidth={44}
      leftSectionProps={{ style: { fontSize: 13, color: 'var(--mantine-color-dimmed)' } }}
      size="sm"
      value={value.map(formatAddress)}
      onChange={(texts) => onChange(texts.flatMap(parseAddresses))}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...new Set(suggestions)]}
      filter={({ options }) => options}
      splitChars={[',', ';', '\n']}
      acceptValueOnBlur
      error={wrong ? `"${wrong.address}" is no address.` : undefined}
    />
  );
}

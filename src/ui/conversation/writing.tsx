import { Box, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Audience } from './audience.ts';
import { Composer } from './composer.tsx';
import { Whisper } from './whisper.tsx';

/** Where somebody writes: to the customer, to the colleagues in the conversation, or to either as they choose. */
export function Writing({
  item,
  audience,
  onSend,
}: {
  item: OpenWorkItem;
  audience: Audience;
  onSend: (text: string) => void;
}) {
  const [to, setTo] = useState('customer');
  const { customer, colleagues } = audience;
  const whispers = colleagues && (!customer || to === 'colleagues');
  return (
    <Box>
      {customer && colleagues ? (
        <Box px="md" pb={4}>
          <SegmentedControl
            size="xs"
            value={to}
            onChange={setTo}
            aria-label="Whom to write to"
            data={[
              { value: 'customer', label: 'To the customer' },
              { value: 'colleagues', label: 'To colleagues only' },
            ]}
          />
        </Box>
      ) : null}
      {whispers ? (
        <Whisper conversation={item.conversation} />
      ) : customer ? (
        <Composer item={item} onSend={onSend} />
      ) : null}
    </Box>
  );
}

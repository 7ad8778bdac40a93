import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { Dialog } from '#ui/dialog.tsx';
import { server } from '#ui/live/server.ts';
import { serverNow } from '#ui/time.ts';

const CHOICES = [
  { value: 'hour', label: 'In an hour' },
  { value: 'tomorrow', label: 'Tomorrow at 9:00' },
  { value: 'date', label: 'At another time' },
  { value: 'customer', label: 'When the customer writes' },
];

function whenOf(choice: string, date: string): number | undefined {
  switch (choice) {
    case 'hour':
      return serverNow() + 3_600_000;
    case 'tomorrow': {
      const day = new Date(serverNow());
      day.setDate(day.getDate() + 1);
      return day.setHours(9, 0, 0, 0);
    }
    case 'date':
      return date ? new Date(date).getTime() : undefined;
    default:
      return undefined;
  }
}

/** Sets work aside until a time, or until the customer writes. */
export function ParkDialog({
  item,
  isOpen,
  onClose,
}: {
  item: OpenWorkItem;
  isOpen: boolean;
  onClose: () => void;
}) {
  const [choice, setChoice] = useState('hour');
  const [date, setDate] = useState('');
  const until = whenOf(choice, date);
  const isPast = choice === 'date' && until !== undefined && until <= serverNow();
  const isChosen = !isPast && (choice !== 'date' || until !== undefined);
  const park = (): Promise<unknown> =>
    server.park({ params: { id: item.id }, body: until === undefined ? {} : { until } });
  return (
    <Dialog
      title="Park until …"
      isOpen={isOpen}
      onClose={onClose}
      deed="Park"
      act={isChosen ? park : undefined}
      done="Set aside."
    >
      <Radio.Group value={choice} onChange={setChoice} aria-label="Until when">
        <Stack gap="sm">
          {CHOICES.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Stack>
      </Radio.Group>
      {choice === 'date' ? (
        <TextInput
          type="datetime-local"
          label="Time"
          value={date}
          error={isPast ? 'Choose a time that is still to come.' : undefined}
          onChange={({ currentTarget }) => setDate(currentTarget.value)}
        />
      ) : null}
    </Dialog>
  );
}

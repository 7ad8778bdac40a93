import { Badge, Box, Button, Group, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SAMPLE_ADDRESS } from '#domain/configuration/sample.ts';
import type { EmailAddress } from '#domain/email/email.ts';
import { LAB_BASE, type Letter, labApi } from '#servers/desktop-server/api/lab.ts';
import { createApiClient } from '#ui/api-client.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { formatTime } from '#ui/time.ts';
import classes from './lab.module.css';

const lab = createApiClient(labApi, LAB_BASE);

const FIRST_LETTER = {
  name: 'Customer 1',
  address: 'customer1@home.example',
  to: SAMPLE_ADDRESS,
  subject: 'Where is my order?',
  text: 'Hello,\n\nmy order 4711 has not come. When will it be here?',
};

/** A customer's mail program: writes to the centre, and shows what came back. */
export function EMail() {
  const [answered, setAnswered] = useState<Letter>();
  const form = useForm({ initialValues: FIRST_LETTER });
  const { data, refetch } = useQuery({
    queryKey: ['lab-letters'],
    queryFn: () => lab.letters(),
    refetchInterval: 2_000,
    staleTime: 0,
  });
  const letters = data?.letters ?? [];

  const answer = (letter: Letter): void => {
    setAnswered(letter);
    const subject = /^re:/i.test(letter.subject) ? letter.subject : `Re: ${letter.subject}`;
    form.setValues({ address: letter.to.address, to: letter.from.address, subject, text: '' });
  };
  const begin = (): void => {
    setAnswered(undefined);
    form.setValues({ to: SAMPLE_ADDRESS, subject: '', text: '' });
  };
  const send = async (values: typeof form.values): Promise<void> => {
    const done = await attempt(lab.writeLetter({ body: { ...values, answers: answered?.id } }));
    if (!done) return;
    tellDone('The letter is with the centre.');
    begin();
    void refetch();
  };
  return (
    <Stack className={classes.mail} p="md" gap="md">
      <form onSubmit={form.onSubmit((values) => void send(values))} aria-label="Letter">
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            What customers’ mail programs do. Letters stay here until the lab is stopped.
          </Text>
          <Group gap="sm" grow>
            <TextInput label="Name" maxLength={120} {...form.getInputProps('name')} />
            <TextInput
              label="Address"
              required
              maxLength={254}
              {...form.getInputProps('address')}
            />
          </Group>
          <TextInput label="To" required maxLength={254} {...form.getInputProps('to')} />
          <TextInput label="Subject" maxLength={500} {...form.getInputProps('subject')} />
          <Textarea
            label="Text"
            required
            autosize
            minRows={3}
            maxRows={10}
            {...form.getInputProps('text')}
          />
          <Group gap="sm">
            <Button type="submit" loading={form.submitting}>
              {answered ? 'Send the answer' : 'Send'}
            </Button>
            {answered ? (
              <Button variant="subtle" onClick={begin}>
                Write a new one
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
      <Stack component="section" gap="sm" aria-label="Letters">
        {letters.map((letter) => (
          <LetterCard key={letter.id} letter={letter} onAnswer={() => answer(letter)} />
        ))}
      </Stack>
    </Stack>
  );
}

function LetterCard({ letter, onAnswer }: { letter: Letter; onAnswer: () => void }) {
  const { by, from, to, subject, text, at, automatic } = letter;
  return (
    <Box component="article" className={classes.letter} data-by={by}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Text size="xs" c="dimmed" className="break">
          {nameOf(from)} to {nameOf(to)}
        </Text>
        <Text size="xs" c="dimmed" className="whole figures">
          {formatTime(at)}
        </Text>
      </Group>
      <Text size="sm" fw={600} className="break">
        {subject || 'No subject'}
      </Text>
      <Text size="sm" className={classes.words}>
        {text}
      </Text>
      {by === 'centre' ? (
        <Group justify="space-between" mt="xs">
          <Button size="compact-xs" variant="light" onClick={onAnswer}>
            Answer
          </Button>
          {automatic ? (
            <Badge size="sm" variant="light" color="gray">
              automatic
            </Badge>
          ) : null}
        </Group>
      ) : null}
    </Box>
  );
}

const nameOf = ({ name, address }: EmailAddress): string => name || address;

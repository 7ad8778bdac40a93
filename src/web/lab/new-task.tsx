import { Button, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { newId } from '#base/id.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';

/** What another program would do by the API: put a task in a queue. */
export function NewTask() {
  const { live } = useLive();
  const queues = [...live.configuration.all('queue')].map(([value, { name }]) => ({
    value,
    label: name,
  }));
  const form = useForm({
    initialValues: {
      title: 'Call back about order 4711',
      text: 'The customer asks when it arrives.',
      queue: queues[0]?.value ?? '',
    },
  });
  const create = async ({ title, text, queue }: typeof form.values): Promise<void> => {
    const done = await attempt(
      server.createWorkItem({
        body: {
          id: newId(),
          queue,
          task: { title, text, fields: [{ name: 'Order', value: '4711' }] },
        },
      }),
    );
    if (done) tellDone('The task is in its queue.');
  };
  return (
    <form onSubmit={form.onSubmit((values) => void create(values))}>
      <Stack>
        <Text size="sm" c="dimmed">
          Any program can put work in a queue. This form does what it would do.
        </Text>
        <TextInput label="Title" required {...form.getInputProps('title')} />
        <Textarea label="Text" autosize minRows={2} {...form.getInputProps('text')} />
        <Select
          label="Queue"
          data={queues}
          required
          allowDeselect={false}
          {...form.getInputProps('queue')}
        />
        <Button type="submit" loading={form.submitting}>
          Put it in the queue
        </Button>
      </Stack>
    </form>
  );
}

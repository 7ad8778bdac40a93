import { Button, Center, Stack, Text, Title } from '@mantine/core';

export interface MessageProps {
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly name: string; readonly run: () => void };
}

/** A page that has only one thing to say. */
export function Message({ title, text, action }: MessageProps) {
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" gap="xs" maw={420}>
        <Title order={1} fz="h3" ta="center">
          {title}
        </Title>
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {action ? <Button onClick={action.run}>{action.name}</Button> : null}
      </Stack>
    </Center>
  );
}

import { Button, Center, Stack, Text, Title } from '@mantine/core';

/** A page that has only one thing to say. */
export function Message({
  title,
  text,
  retry,
}: {
  title: string;
  text: string;
  retry?: () => void;
}) {
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" gap="xs" maw={420}>
        <Title order={1} fz="h3" ta="center">
          {title}
        </Title>
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {retry ? <Button onClick={retry}>Try again</Button> : null}
      </Stack>
    </Center>
  );
}

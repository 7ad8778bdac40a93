import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';

/** Shows a sentence and a way on instead of an empty page when a screen fails. */
export class CrashBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Center mih="100vh">
        <Stack align="center" gap="sm" role="alert">
          <Title order={3}>This page has failed</Title>
          <Text c="dimmed">Your work is safe on the server. Load the page again to go on.</Text>
          <Button onClick={() => location.reload()}>Load again</Button>
        </Stack>
      </Center>
    );
  }
}

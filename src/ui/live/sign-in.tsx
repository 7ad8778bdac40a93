import {
  Alert,
  Button,
  Center,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect, useState } from 'react';
import type { Me } from '#servers/desktop-server/api/session.ts';
import { ApiFailure } from '../api-client.ts';
import { Wordmark } from '../wordmark.tsx';
import { server } from './server.ts';

/** A one-time link carries its token behind `#sign-in=`, which never reaches a log. */
const LINK = /^#sign-in=(.+)$/;

/** The way in: login and password, or a one-time link. */
export function SignIn({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const form = useForm({ initialValues: { login: '', password: '' } });

  const enter = async (way: Promise<Me>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      onSignedIn(await way);
    } catch (failure) {
      setProblem(failure instanceof ApiFailure ? failure.message : 'Signing in did not work.');
    } finally {
      setBusy(false);
    }
  };

  useEffect(() => {
    const token = LINK.exec(location.hash)?.[1];
    if (!token) return;
    history.replaceState(null, '', location.pathname);
    void enter(server.signInByLink({ body: { token: decodeURIComponent(token) } }));
    // The link is used up once, when the page opens.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w={360} gap="lg">
        <Wordmark size={28} />
        <VisuallyHidden component="h1">Sign in</VisuallyHidden>
        <Paper withBorder p="xl">
          <form onSubmit={form.onSubmit((values) => void enter(server.signIn({ body: values })))}>
            <Stack gap="md">
              <TextInput
                label="Login"
                autoComplete="username"
                required
                autoFocus
                {...form.getInputProps('login')}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                required
                {...form.getInputProps('password')}
              />
              {problem ? (
                <Alert color="red" role="alert" p="sm">
                  {problem}
                </Alert>
              ) : null}
              <Button type="submit" loading={isBusy} fullWidth>
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
        <Text size="sm" c="dimmed" ta="center">
          Forgot your password? An administrator can send you a link.
        </Text>
      </Stack>
    </Center>
  );
}

import {
  Alert,
  Anchor,
  Button,
  Center,
  Container,
  Group,
  Loader,
  Paper,
  PasswordInput,
  Stack,
  Stepper,
  Switch,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Message } from '#ui/message.tsx';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import { ScriptTag } from './script-tag.tsx';
import { Wordmark } from '#ui/wordmark.tsx';

const STEPS = 3;
const SHORTEST_PASSWORD = 10;

const password = (value: string) =>
  value.length < SHORTEST_PASSWORD
    ? `A password has at least ${SHORTEST_PASSWORD} characters.`
    : null;
const required = (what: string) => (value: string) => (value.trim() ? null : `${what} is missing.`);

/** Two minutes from an empty centre to a chat on one's own page. */
export function Wizard({ token, onDone }: { token: string; onDone: () => void }) {
  const queries = useQueryClient();
  const [step, setStep] = useState(0);
  const [problem, setProblem] = useState<string>();
  const [entryPoint, setEntryPoint] = useState<string>();
  const link = useQuery({
    queryKey: ['set-up-link'],
    queryFn: () => server.checkSetUpLink({ body: { token } }),
    retry: false,
    enabled: entryPoint === undefined,
  });
  const form = useForm({
    initialValues: {
      organisation: '',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      name: '',
      login: 'admin',
      password: '',
      queue: 'Support',
      greeting: 'Hello, how can we help you?',
      hasAgent: true,
      agentName: 'Agent 1',
      agentLogin: 'agent1',
      agentPassword: '',
    },
    validate: (values) =>
      step === 0
        ? {
            organisation: required('The organisation’s name')(values.organisation),
            timeZone: required('The time zone')(values.timeZone),
          }
        : step === 1
          ? {
              name: required('Your name')(values.name),
              login: required('The login')(values.login),
              password: password(values.password),
            }
          : {
              queue: required('The queue’s name')(values.queue),
              ...(values.hasAgent
                ? {
                    agentName: required('The agent’s name')(values.agentName),
                    agentLogin:
                      values.agentLogin === values.login
                        ? 'This is your own login.'
                        : required('The login')(values.agentLogin),
                    agentPassword: password(values.agentPassword),
                  }
                : {}),
            },
  });

  const next = async (): Promise<void> => {
    setProblem(undefined);
    if (form.validate().hasErrors) return;
    if (step < STEPS - 1) return setStep(step + 1);
    const { values } = form;
    try {
      const { me, entryPoint: made } = await server.setUp({
        body: {
          token,
          organisation: {
            name: values.organisation,
            language: navigator.language.slice(0, 2),
            timeZone: values.timeZone,
          },
          administrator: { name: values.name, login: values.login, password: values.password },
          queue: { name: values.queue },
          ...(values.hasAgent
            ? {
                agent: {
                  name: values.agentName,
                  login: values.agentLogin,
                  password: values.agentPassword,
                },
              }
            : {}),
          greeting: values.greeting,
        },
      });
      queries.setQueryData(['me'], me);
      setEntryPoint(made);
      setStep(STEPS);
    } catch (failure) {
      setProblem(failure instanceof ApiFailure ? failure.message : 'Setting up did not work.');
    }
  };

  if (entryPoint === undefined && link.isPending) {
    return (
      <Center mih="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (entryPoint === undefined && link.error) {
    return (
      <Message
        title="This link does not work any more"
        text="A set-up link works once and for a day. The program prints a new one each time it starts, until the centre is set up."
      />
    );
  }
  return (
    <Container component="main" size="sm" py={48}>
      <Stack gap="xl">
        <Wordmark size={28} />
        <Stepper active={step} size="sm" iconSize={30}>
          <Stepper.Step label="Organisation" />
          <Stepper.Step label="Administrator" />
          <Stepper.Step label="First queue" />
        </Stepper>
        <Paper withBorder p="xl">
          {entryPoint === undefined ? (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                void next();
              }}
            >
              <Stack>
                {step === 0 ? (
                  <>
                    <Title order={1} fz="h3">
                      Who are you?
                    </Title>
                    <TextInput
                      label="Name of your organisation"
                      required
                      data-autofocus
                      autoFocus
                      {...form.getInputProps('organisation')}
                    />
                    <TextInput
                      label="Time zone"
                      description="Days in figures begin and end here."
                      required
                      {...form.getInputProps('timeZone')}
                    />
                  </>
                ) : null}
                {step === 1 ? (
                  <>
                    <Title order={1} fz="h3">
                      Your own account
                    </Title>
                    <TextInput
                      label="Your name"
                      required
                      autoFocus
                      {...form.getInputProps('name')}
                    />
                    <TextInput
                      label="Login"
                      required
                      autoComplete="username"
                      {...form.getInputProps('login')}
                    />
                    <PasswordInput
                      label="Password"
                      required
                      autoComplete="new-password"
                      {...form.getInputProps('password')}
                    />
                  </>
                ) : null}
                {step === 2 ? (
                  <>
                    <Title order={1} fz="h3">
                      A queue, and somebody to serve it
                    </Title>
                    <TextInput
                      label="Name of the first queue"
                      required
                      autoFocus
                      {...form.getInputProps('queue')}
                    />
                    <Textarea
                      label="Greeting in the chat"
                      autosize
                      minRows={2}
                      {...form.getInputProps('greeting')}
                    />
                    <Switch
                      label="Create the first agent"
                      description="Otherwise you serve the queue yourself."
                      {...form.getInputProps('hasAgent', { type: 'checkbox' })}
                    />
                    {form.values.hasAgent ? (
                      <>
                        <TextInput label="Name" required {...form.getInputProps('agentName')} />
                        <TextInput
                          label="Login"
                          required
                          autoComplete="off"
                          {...form.getInputProps('agentLogin')}
                        />
                        <PasswordInput
                          label="Password"
                          required
                          autoComplete="new-password"
                          {...form.getInputProps('agentPassword')}
                        />
                      </>
                    ) : null}
                  </>
                ) : null}
                {problem ? (
                  <Alert color="red" role="alert">
                    {problem}
                  </Alert>
                ) : null}
                <Group justify="space-between">
                  <Button variant="default" disabled={step === 0} onClick={() => setStep(step - 1)}>
                    Back
                  </Button>
                  <Button type="submit">{step === STEPS - 1 ? 'Set up' : 'Next'}</Button>
                </Group>
              </Stack>
            </form>
          ) : (
            <Stack>
              <Title order={1} fz="h3">
                Ready
              </Title>
              <Text>
                Put this line into the pages that should have the chat, before the closing body tag:
              </Text>
              <ScriptTag entryPoint={entryPoint} />
              <Text size="sm" c="dimmed">
                Do customers write e-mails too? A{' '}
                <Anchor href="#/mailboxes" size="sm" underline="always" onClick={onDone}>
                  mailbox
                </Anchor>{' '}
                takes two minutes, once you have its password at hand.
              </Text>
              <Button onClick={onDone} w="fit-content">
                Open the control panel
              </Button>
            </Stack>
          )}
        </Paper>
      </Stack>
    </Container>
  );
}

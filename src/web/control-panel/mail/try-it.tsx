import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Problem } from '#domain/configuration/problem.ts';
import { Receiving, Sending } from '#domain/configuration/mail.ts';
import type { MailboxId } from '#domain/ids.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import type { Beside, FormParts } from '../documents/sheet.ts';
import {
  secretsAfter,
  secretsOf,
  secretsTyped,
  signInOf,
  signsInAlike,
  type Kept,
  type SecretUse,
} from './secrets.ts';

/** What came of trying, and which settings were tried. */
interface Outcome {
  readonly of: {
    readonly receive: Receiving;
    readonly send: Sending | undefined;
    readonly beside: Beside;
  };
  readonly tried?: Awaited<ReturnType<typeof server.tryMailbox>>;
  readonly failed?: string;
}

/** Signs in with what the form says and leaves again, and tells what happened, before anything is saved. */
export function TryIt({ form, kept }: { readonly form: FormParts; readonly kept: Kept }) {
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setBusy] = useState(false);
  const receive = form.body['receive'] as Receiving;
  const send = form.body['send'] as Sending | undefined;
  const canReceive = 'host' in receive;
  if (!canReceive && !send) return null;

  const tryIt = async (): Promise<void> => {
    const of = { receive, send, beside: form.beside };
    const fail = (failed: string): void => setOutcome({ of, failed });
    setOutcome(undefined);
    const problems = [
      ...(canReceive ? problemsOf('receive', Receiving.safeParse(receive)) : []),
      ...(send ? problemsOf('send', Sending.safeParse(send)) : []),
    ];
    form.setProblems(problems);
    if (problems.length > 0) return fail('Something is missing or wrong above.');
    const receiveSecret = secretFor('receive', form, kept);
    const sendSecret = secretFor('send', form, kept);
    // What is kept for sending and dropped with saving would be tried instead of what is kept for receiving.
    const canSend =
      sendSecret !== undefined || !secretsAfter(form.body, form.beside, kept).forgetSending;
    setBusy(true);
    try {
      const body = {
        ...(form.id !== undefined && { mailbox: form.id as MailboxId }),
        ...(canReceive && { receive }),
        ...(send && canSend && { send }),
        ...(receiveSecret !== undefined && { receiveSecret }),
        ...(sendSecret !== undefined && { sendSecret }),
      };
      setOutcome({ of, tried: await server.tryMailbox({ body }) });
    } catch (failure) {
      fail(failure instanceof ApiFailure ? failure.message : 'Trying did not work.');
    }
    setBusy(false);
  };
  // What was found out about other settings than these says nothing.
  const isCurrent =
    outcome?.of.receive === receive &&
    outcome.of.send === send &&
    outcome.of.beside === form.beside;
  const { tried, failed } = isCurrent ? outcome : {};
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button variant="default" loading={isBusy} onClick={() => void tryIt()}>
          Try it
        </Button>
        <Text size="xs" c="dimmed">
          Signs in and leaves again. Nothing is fetched, sent or saved.
        </Text>
      </Group>
      <div role="status">
        <Stack gap="xs">
          {failed ? <Sentence good={false} title={failed} /> : null}
          {tried?.receive ? (
            <Sentence
              good={tried.receive.good}
              title={tried.receive.good ? 'Receiving works' : 'Receiving does not work'}
              said={tried.receive.said}
            />
          ) : null}
          {tried?.send ? (
            <Sentence
              good={tried.send.good}
              title={tried.send.good ? 'Sending works' : 'Sending does not work'}
              said={tried.send.said}
            />
          ) : null}
        </Stack>
      </div>
    </Stack>
  );
}

function Sentence({ good, title, said }: { good: boolean; title: string; said?: string }) {
  const Icon = good ? IconCircleCheck : IconCircleX;
  return (
    <Alert
      color={good ? 'teal' : 'red'}
      title={title}
      icon={<Icon size={20} aria-hidden="true" />}
      className="break"
    >
      {said}
    </Alert>
  );
}

type Read = ReturnType<typeof Receiving.safeParse> | ReturnType<typeof Sending.safeParse>;

const problemsOf = (use: SecretUse, read: Read): Problem[] =>
  (read.error?.issues ?? []).map(({ path, message }) => ({
    path: [use, ...path].join('.'),
    problem: message,
  }));

/** What was typed for a server; the secret that is kept counts where nothing was. */
function secretFor(use: SecretUse, { body, beside }: FormParts, kept: Kept): string | undefined {
  const from = use === 'send' && signsInAlike(body, beside, kept) ? 'receive' : use;
  const signIn = signInOf(body, from);
  const needed = signIn && secretsOf(signIn)[0];
  return secretsTyped(body, from, beside).find(({ kind }) => kind === needed)?.secret;
}

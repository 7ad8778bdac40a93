import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import type { Role } from '#domain/configuration/documents.ts';
import type { Topic } from '#servers/desktop-server/api/events.ts';
import type { Me } from '#servers/desktop-server/api/session.ts';
import { ApiFailure } from '../api-client.ts';
import { Message } from '../message.tsx';
import { Live } from './live.ts';
import { server } from './server.ts';
import { SignIn } from './sign-in.tsx';
import { SeatContext } from './use-live.ts';

export interface SignedInProps {
  /** What the application follows. */
  readonly topics: readonly Topic[];
  /** Who may use it. */
  readonly role: Role;
  readonly children: ReactNode;
}

/** Shows the application to those who are signed in and may use it, and the way in to all others. */
export function SignedIn({ topics, role, children }: SignedInProps) {
  const queries = useQueryClient();
  const me = useQuery({ queryKey: ['me'], queryFn: () => server.me(), staleTime: Infinity });

  if (me.isPending) return <Waiting />;
  if (me.error) {
    if (me.error instanceof ApiFailure && me.error.status === 401) {
      return <SignIn onSignedIn={(who) => queries.setQueryData(['me'], who)} />;
    }
    return (
      <Message
        title="The server cannot be reached"
        text={me.error.message}
        action={{ name: 'Try again', run: () => void me.refetch() }}
      />
    );
  }
  if (!me.data.roles.includes(role)) {
    return (
      <Message
        title="This is not for your role"
        text={`You are signed in as ${me.data.name}. An administrator can give you the role "${role}".`}
      />
    );
  }
  return (
    <Seated me={me.data} topics={topics}>
      {children}
    </Seated>
  );
}

function Seated({
  me,
  topics,
  children,
}: {
  me: Me;
  topics: readonly Topic[];
  children: ReactNode;
}) {
  const [live, setLive] = useState<Live>();
  const wanted = topics.join();
  useEffect(() => {
    const opened = new Live(wanted.split(',') as Topic[]);
    setLive(opened);
    return () => opened[Symbol.dispose]();
  }, [wanted]);
  if (!live) return <Waiting />;
  return <SeatContext value={{ me, live }}>{children}</SeatContext>;
}

function Waiting() {
  return (
    <Center h="100vh">
      <Loader aria-label="Loading" />
    </Center>
  );
}

import { idOf } from '#domain/configuration/id-of.ts';
import { type DraftDocument, initialDocuments } from '#domain/configuration/initial.ts';
import type { AgentId } from '#domain/ids.ts';

/** What the wizard asks for. */
export interface SetUpAnswers {
  readonly organisation: {
    readonly name: string;
    readonly language: string;
    readonly timeZone: string;
  };
  readonly administrator: Person;
  readonly queue: { readonly name: string };
  /** Left out: the administrator is the first agent too. */
  readonly agent?: Person | undefined;
  readonly greeting: string;
}

interface Person {
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/** What a centre begins with. */
export interface SetUpPlan {
  readonly organisation: Readonly<Record<string, unknown>>;
  readonly documents: DraftDocument[];
  readonly passwords: { readonly agent: AgentId; readonly password: string }[];
  readonly administrator: AgentId;
  /** The chat's script tag names it. */
  readonly entryPoint: string;
}

const ENTRY_POINT = 'website';

/** Makes documents of the wizard's answers: administrator, queue, agent, an entry point for chat, codes. */
export function planSetUp(answers: SetUpAnswers): SetUpPlan {
  const { organisation, administrator, queue, agent, greeting } = answers;
  const administratorId = idOf(administrator.login) || 'administrator';
  const agentId = agent && (idOf(agent.login, (id) => id === administratorId) || 'agent-1');
  const queueId = idOf(queue.name) || 'queue-1';
  const people = [
    personDocument(administratorId, administrator, [
      'administrator',
      'supervisor',
      ...(agent ? [] : ['agent']),
    ]),
    ...(agent && agentId ? [personDocument(agentId, agent, ['agent'])] : []),
  ];
  return {
    organisation: { ...organisation },
    documents: [
      ...initialDocuments(),
      ...people,
      { kind: 'queue', id: queueId, body: { name: queue.name } },
      {
        kind: 'entry-point',
        id: ENTRY_POINT,
        body: {
          name: 'Website',
          channel: 'web-chat',
          queue: queueId,
          treatment: greeting === '' ? {} : { greeting },
        },
      },
    ],
    passwords: [
      { agent: administratorId as AgentId, password: administrator.password },
      ...(agent && agentId ? [{ agent: agentId as AgentId, password: agent.password }] : []),
    ],
    administrator: administratorId as AgentId,
    entryPoint: ENTRY_POINT,
  };
}

function personDocument(id: string, person: Person, roles: readonly string[]): DraftDocument {
  return { kind: 'agent', id, body: { name: person.name, login: person.login, roles } };
}

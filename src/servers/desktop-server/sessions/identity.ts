import type { IncomingHttpHeaders } from 'node:http';
import type { Role } from '#domain/configuration/documents.ts';
import { AgentId } from '#domain/ids.ts';
import { Refusal } from '#base/refusal.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import { AGENT_HEADER } from '../contract.ts';
import type { ConnectionFacts } from '../http/connection-facts.ts';
import { type Caller, personCaller, programCaller } from '../rules/caller.ts';
import { readSession } from './cookie.ts';
import type { Sessions } from './sessions.ts';
import type { Tokens } from './tokens.ts';

/** What a request proves itself by. */
export type Proof =
  | { readonly type: 'session'; readonly secret: string }
  | { readonly type: 'token'; readonly token: string; readonly agent: string | undefined };

/** Finds the proof a request bears; a token counts before a cookie. */
export function proofOf(facts: ConnectionFacts, headers: IncomingHttpHeaders): Proof | undefined {
  const [, token] = /^Bearer +(?<token>\S{1,200})$/i.exec(headers.authorization ?? '') ?? [];
  if (token !== undefined) {
    const agent = headers[AGENT_HEADER];
    return { type: 'token', token, agent: typeof agent === 'string' ? agent : undefined };
  }
  const secret = readSession(facts, headers.cookie);
  return secret === undefined ? undefined : { type: 'session', secret };
}

/** Turns proofs into callers, with the roles they have at this moment. */
export class Identity {
  readonly #sessions: Sessions;
  readonly #tokens: Tokens;
  readonly #configuration: ConfigurationFeed;

  constructor(sessions: Sessions, tokens: Tokens, configuration: ConfigurationFeed) {
    this.#sessions = sessions;
    this.#tokens = tokens;
    this.#configuration = configuration;
  }

  /**
   * @returns Nobody when a session has ended.
   * @throws {Refusal} `not-signed-in` for a bad token, `forbidden` for acting for somebody one may not.
   */
  async callerOf(proof: Proof | undefined): Promise<Caller | undefined> {
    if (!proof) return undefined;
    return proof.type === 'session' ? this.#person(proof.secret) : this.#program(proof);
  }

  async #person(secret: string): Promise<Caller | undefined> {
    const id = await this.#sessions.find(secret);
    const agent = id && this.#configuration.current.get('agent', id);
    return id && agent && personCaller(id, agent);
  }

  async #program({ token, agent }: Proof & { type: 'token' }): Promise<Caller> {
    const id = await this.#tokens.find(token).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'wrong-credentials') {
        throw new Refusal(
          'not-signed-in',
          'This token is not known; an administrator issues a new one',
        );
      }
      throw error;
    });
    const integration = this.#configuration.current.get('integration', id);
    if (!integration) throw new Refusal('not-signed-in', 'This integration has been retired');
    if (agent === undefined) return programCaller(id, integration);
    return programCaller(id, integration, this.#actsFor(agent, integration.roles));
  }

  #actsFor(given: string, roles: readonly Role[]) {
    const id = AgentId.safeParse(given).data;
    const agent = id && this.#configuration.current.get('agent', id);
    if (!roles.includes('agent')) {
      throw new Refusal('forbidden', 'This integration may not act for agents');
    }
    if (!id || !agent?.roles.includes('agent')) {
      throw new Refusal('forbidden', `There is no agent "${given.slice(0, 64)}" to act for`);
    }
    return { id, agent };
  }
}

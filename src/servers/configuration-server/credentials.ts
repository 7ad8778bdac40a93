import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from '#base/refusal.ts';
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import { loginKey } from '#domain/configuration/check.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Act } from './contract.ts';
import type { Documents } from './documents.ts';
import type { Passwords } from './passwords.ts';
import { isSetUp, planSetUp, type SetUp } from './rules/plan-set-up.ts';
import { soundOf } from './sound.ts';
import type { Link, Storage, Writes } from './storage.ts';
import { Tries } from './tries.ts';

/** Encrypts what must be read again: the installation's secret, or a double. */
export interface Sealer {
  seal(text: string, purpose: string): string;
  open(sealed: string, purpose: string): string;
}

export interface CredentialsOptions {
  readonly documents: Documents;
  readonly storage: Storage;
  readonly passwords: Passwords;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly lifetimes: Readonly<Record<Link['purpose'], Milliseconds>>;
}

const TOKEN_BYTES = 32;
const TOKEN_PREFIX = 'emcee_'; // so that secret scanners know one
const WEBHOOK_PREFIX = 'whsec_'; // as Standard Webhooks write it
const SEALED_FOR = 'webhook-secret';

/** Passwords of agents, links that work once, tokens of integrations, secrets of webhooks. */
export class Credentials {
  readonly #given: CredentialsOptions;
  readonly #tries: Tries;

  constructor(given: CredentialsOptions) {
    this.#given = given;
    this.#tries = new Tries(given.clock);
  }

  isSetUp(): boolean {
    return isSetUp(this.#given.documents.shelves);
  }

  async issueLink(wanted: {
    readonly purpose: Link['purpose'];
    readonly agent?: AgentId | undefined;
    readonly by: string;
  }): Promise<{ token: string; expires: Instant }> {
    const { purpose, by } = wanted;
    if (purpose === 'set-up' && this.isSetUp()) {
      throw new Refusal('set-up-done', 'This centre has been set up: sign in instead', {});
    }
    const agent = purpose === 'sign-in' ? (wanted.agent ?? ('' as const)) : undefined;
    if (agent !== undefined && !this.#isInUse('agent', agent)) throw unknownAgent(agent);
    const token = newToken();
    const expires = this.#given.clock.now() + this.#given.lifetimes[purpose];
    const link = { hash: hashOf(token), purpose, agent: agent || undefined, expires };
    await this.#write(by, 'link-issued', agent ?? purpose, (writes) => writes.putLink(link));
    return { token, expires };
  }

  async checkLink(token: string): Promise<Link['purpose']> {
    return this.#usable(await this.#given.storage.link(hashOf(token))).purpose;
  }

  async redeemLink(token: string): Promise<AgentId> {
    const { storage, clock } = this.#given;
    return storage.write(async (writes) => {
      // a refusal rolls back: a link of another purpose is not used up
      const { agent } = this.#usable(await writes.takeLink(hashOf(token)));
      if (agent === undefined) throw badLink();
      await writes.note({ at: clock.now(), by: agent, act: 'link-used', subject: agent });
      return agent;
    });
  }

  /** The wizard's end: documents, passwords and the link's end become durable together. */
  async setUp(
    token: string,
    wanted: Omit<SetUp, 'agents'> & {
      readonly passwords: readonly { readonly agent: AgentId; readonly password: string }[];
    },
  ): Promise<void> {
    const { documents, passwords, clock } = this.#given;
    if ((await this.checkLink(token)) !== 'set-up') throw badLink();
    const setUp = { ...wanted, agents: wanted.passwords.map(({ agent }) => agent) };
    soundOf(planSetUp(documents.shelves, setUp)); // before the costly work
    const hashes = await Promise.all(
      wanted.passwords.map(async ({ agent, password }) => ({
        agent,
        hash: await passwords.hash(password),
      })),
    );
    const plan = await documents.change(
      'system',
      (shelves) => planSetUp(shelves, setUp),
      async (writes) => {
        if (this.#usable(await writes.takeLink(hashOf(token))).purpose !== 'set-up')
          throw badLink();
        for (const { agent, hash } of hashes) await writes.setPassword(agent, hash);
        await writes.note({ at: clock.now(), by: 'system', act: 'set-up', subject: 'system' });
      },
    );
    soundOf(plan);
  }

  async setPassword(agent: AgentId, password: string, by: string): Promise<void> {
    const body = this.#given.documents.shelves.configuration.get('agent', agent);
    if (!body) throw unknownAgent(agent);
    const hash = await this.#given.passwords.hash(password);
    await this.#write(by, 'password-set', agent, (writes) => writes.setPassword(agent, hash));
    this.#tries.succeed(loginKey(body.login));
  }

  async checkPassword(login: string, password: string): Promise<AgentId> {
    const { storage, passwords, clock } = this.#given;
    const key = loginKey(login);
    const wait = this.#tries.waitOf(key);
    if (wait > 0) {
      const text = `Too many wrong passwords: try again in ${Math.ceil(wait / 1_000)} s`;
      throw new Refusal('too-many-tries', text, { retryAt: clock.now() + wait });
    }
    this.#tries.begin(key);
    const agent = this.#agentOf(key);
    try {
      // an unknown login costs the same question and the same hashing as a known one
      const stored = await storage.passwordOf(agent ?? '');
      if (!(await passwords.isRight(password, stored)) || agent === undefined) throw wrong();
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'wrong-credentials'))
        this.#tries.takeBack(key);
      throw error;
    }
    this.#tries.succeed(key);
    return agent;
  }

  async issueToken(integration: string, by: string): Promise<string> {
    this.#mustBeInUse('integration', integration);
    const token = TOKEN_PREFIX + newToken();
    await this.#write(by, 'token-issued', integration, (writes) =>
      writes.putToken(integration, hashOf(token)),
    );
    return token;
  }

  async checkToken(token: string): Promise<string> {
    const integration = await this.#given.storage.integrationOf(hashOf(token));
    if (integration === undefined || !this.#isInUse('integration', integration)) throw wrong();
    return integration;
  }

  async webhookSecret(webhook: string, renew: boolean, by: string): Promise<string> {
    const { storage, sealer } = this.#given;
    this.#mustBeInUse('webhook', webhook);
    let sealed = renew ? undefined : await storage.sealedSecretOf(webhook);
    if (sealed === undefined) {
      const made = sealer.seal(randomBytes(TOKEN_BYTES).toString('base64'), SEALED_FOR);
      sealed = await this.#write(by, 'webhook-secret-made', webhook, (writes) =>
        writes.putWebhookSecret(webhook, made, renew),
      );
    }
    return WEBHOOK_PREFIX + sealer.open(sealed, SEALED_FOR);
  }

  #write<T>(
    by: string,
    act: Act,
    subject: string,
    work: (writes: Writes) => Promise<T>,
  ): Promise<T> {
    return this.#given.storage.write(async (writes) => {
      const result = await work(writes);
      await writes.note({ at: this.#given.clock.now(), by, act, subject });
      return result;
    });
  }

  /** @throws {Refusal} `bad-link` if there is none, or it works no more. */
  #usable(link: Link | undefined): Link {
    if (!link || link.expires <= this.#given.clock.now()) throw badLink();
    const isGood = link.agent === undefined ? !this.isSetUp() : this.#isInUse('agent', link.agent);
    if (!isGood) throw badLink();
    return link;
  }

  #agentOf(key: string): AgentId | undefined {
    for (const [id, { login }] of this.#given.documents.shelves.configuration.all('agent')) {
      if (loginKey(login) === key) return id;
    }
    return undefined;
  }

  #isInUse(kind: DocumentKind, id: string): boolean {
    return this.#given.documents.shelves.configuration.has(kind, id);
  }

  #mustBeInUse(kind: DocumentKind, id: string): void {
    if (this.#isInUse(kind, id)) return;
    throw new Refusal('unknown-document', `There is no ${kind} "${id}" in use`, { kind, id });
  }
}

/** 256 random bits, as text that fits into an address. */
const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What is stored in place of a token. It is random, so nothing slower is needed. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

const badLink = (): Refusal =>
  new Refusal('bad-link', 'This link does not work, or not any more: ask for a new one', {});

const wrong = (): Refusal =>
  new Refusal('wrong-credentials', 'The login or the password is wrong', {});

const unknownAgent = (agent: string): Refusal =>
  new Refusal('unknown-agent', `There is no agent "${agent}" in use`, { agent });

import { z } from 'zod';
import { CallFailure } from '#base/call-failure.ts';
import type {
  Call,
  ContractDefinition,
  Implementation,
  MethodDefinition,
  StreamItem,
} from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import { Refusal } from '#base/refusal.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { validatorOf } from './parser.ts';
import { wasAborted } from './pending-call.ts';

/** Issues named in one refusal; more would only repeat the first mistake. */
const ISSUES_NAMED = 10;

type Validator = (value: unknown) => unknown;

interface Method {
  readonly validate: Validator;
  readonly roles: ReadonlySet<string>;
  readonly run: (params: unknown, call: Call) => Promise<unknown>;
  /** Turns what the implementation returned into what the contract promises, as JSON. */
  readonly check: (result: unknown) => string;
  readonly fail: (error: unknown) => never;
}

interface Stream {
  readonly params: Validator | undefined;
  readonly event: Validator;
  readonly cursor: Validator | undefined;
  readonly roles: ReadonlySet<string>;
  /** Events that several readers are given are checked and encoded once. */
  readonly texts: WeakMap<object, string>;
  readonly open: (
    request: { params: unknown; since: unknown },
    call: Call,
  ) => AsyncIterable<StreamItem<unknown>>;
}

/**
 * A contract with what implements it, the same behind a socket and inside one process: roles are
 * checked, all that goes in or out is validated, and what is no `Refusal` becomes a `CallFailure`.
 */
export class Service {
  readonly contract: ContractDefinition;
  readonly #trace: Trace | undefined;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #streams: ReadonlyMap<string, Stream>;
  #underWay = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(contract: ContractDefinition, implementation: AnyImplementation, trace?: Trace) {
    this.contract = contract;
    this.#trace = trace;
    const { methods, streams } = implementation;
    this.#methods = new Map(
      Object.entries(contract.methods).map(([name, definition]) => [
        name,
        {
          validate: validatorOf(definition.params),
          roles: new Set(definition.roles),
          run: bound(methods, name, `${contract.name}.${name}`),
          check: this.#checkOf(name, definition),
          fail: (error) => {
            this.#ended();
            throw this.#outward(name, error, definition.errors);
          },
        },
      ]),
    );
    this.#streams = new Map(
      Object.entries(contract.streams ?? {}).map(([name, definition]) => [
        name,
        {
          params: definition.params && validatorOf(definition.params),
          event: validatorOf(definition.event),
          cursor: definition.cursor && validatorOf(definition.cursor),
          roles: new Set(definition.roles),
          texts: new WeakMap(),
          open: bound(streams, name, `${contract.name}.${name}`),
        },
      ]),
    );
  }

  /**
   * Calls a method. Resolves with a result that the contract allows, as JSON (`null` for none).
   *
   * @throws {Refusal | CallFailure} Nothing else.
   */
  call(name: string, params: unknown, call: Call): Promise<string> {
    const method = this.#methods.get(name);
    if (!method) {
      const served = this.contract.name;
      return Promise.reject(new Refusal('unknown-method', `"${served}" has no method "${name}"`));
    }
    if (!method.roles.has(call.role)) return Promise.reject(this.#forbidden(name, call.role));
    let accepted: unknown;
    try {
      accepted = method.validate(params);
    } catch (error) {
      return Promise.reject(invalidParams(name, error));
    }
    this.#underWay++;
    let answer: Promise<unknown>;
    try {
      answer = Promise.resolve(method.run(accepted, call));
    } catch (error) {
      answer = Promise.reject(error);
    }
    return answer.then(method.check, method.fail);
  }

  /** Resolves once no call is under way, whoever made it. */
  get settled(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  #ended(): void {
    if (--this.#underWay > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  /**
   * Opens a stream: yields events that the contract allows, as JSON.
   *
   * @throws {Refusal | CallFailure} Nothing else, here and from the iteration.
   */
  follow(
    name: string,
    request: { readonly params: unknown; readonly since: unknown },
    call: Call,
  ): AsyncIterator<EncodedItem> {
    const stream = this.#streams.get(name);
    if (!stream) {
      throw new Refusal('unknown-stream', `"${this.contract.name}" has no stream "${name}"`);
    }
    if (!stream.roles.has(call.role)) throw this.#forbidden(name, call.role);
    const params = validateOptional(name, stream.params, request.params);
    const since =
      request.since === undefined
        ? undefined
        : validateOptional(name, stream.cursor, request.since);
    try {
      const events = stream.open({ params, since }, call)[Symbol.asyncIterator]();
      return new CheckedEvents(name, events, stream, (error) => this.#outward(name, error));
    } catch (error) {
      throw this.#outward(name, error);
    }
  }

  #forbidden(name: string, role: string): Refusal {
    const { name: served } = this.contract;
    this.#trace?.warning('rpc.forbidden', { contract: served, name, role });
    return new Refusal('forbidden', `The role "${role}" may not use "${name}" of "${served}"`);
  }

  #checkOf(name: string, { result, errors }: MethodDefinition): (result: unknown) => string {
    const validate = validatorOf(result);
    return (given) => {
      this.#ended();
      try {
        return encodeChecked(name, validate, given);
      } catch (error) {
        throw this.#outward(name, error, errors);
      }
    };
  }

  /** What the caller may know of an error: refusals as they are, of all else a reference. */
  #outward(
    name: string,
    error: unknown,
    errors?: MethodDefinition['errors'],
  ): Refusal | CallFailure {
    if (error instanceof Refusal) return this.#refusal(name, error, errors ?? {});
    if (wasAborted(error)) return error; // nobody's fault, and nobody hears it
    if (error instanceof DatabaseGoneError) {
      // Known to whoever looks after the database; here one entry a call would drown the rest.
      this.#trace?.debug('rpc.database-gone', { contract: this.contract.name, name });
      const sentence = `"${this.contract.name}" cannot reach its database: try again later`;
      return new CallFailure('connection-lost', sentence, { cause: error });
    }
    const reference = newId();
    this.#trace?.fault('rpc.failed', error, { contract: this.contract.name, name, reference });
    return new CallFailure('internal', `"${this.contract.name}" failed: see its trace`, {
      reference,
    });
  }

  #refusal(
    name: string,
    refusal: Refusal,
    errors: NonNullable<MethodDefinition['errors']>,
  ): Refusal {
    if (refusal.data === undefined) return refusal;
    const schema = Object.hasOwn(errors, refusal.code) ? errors[refusal.code] : undefined;
    const data = schema?.safeParse(refusal.data);
    if (data?.success) return new Refusal(refusal.code, refusal.message, data.data);
    this.#trace?.warning('rpc.refusal-unlisted', { name, code: refusal.code }, refusal);
    return new Refusal(refusal.code, refusal.message);
  }
}

/** Types a service's parts: who calls this has both from one place. */
export function serviceOf<C extends ContractDefinition>(
  contract: C,
  implementation: Implementation<C>,
  trace?: Trace,
): Service;
export function serviceOf(
  contract: ContractDefinition,
  implementation: AnyImplementation,
  trace?: Trace,
): Service {
  return new Service(contract, implementation, trace);
}

/** The refusal for params that the contract does not allow. Never repeats the values. */
export function invalidParams(name: string, error: unknown): Refusal {
  if (!(error instanceof z.ZodError)) throw error;
  const issues = error.issues.slice(0, ISSUES_NAMED).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const first = issues[0];
  const where = first?.path ? `"${first.path}": ` : '';
  return new Refusal(
    'invalid-params',
    `Cannot accept "${name}": ${where}${first?.message}`,
    issues,
  );
}

/** An implementation whose contract is not known at compile time. */
export interface AnyImplementation {
  readonly methods: Readonly<Record<string, (params: unknown, call: Call) => Promise<unknown>>>;
  readonly streams: Readonly<Record<string, Stream['open']>>;
}

/** Looked up at each call, so that an implementation may be an object of classes with `this`. */
function bound<A extends unknown[], R>(
  owner: Readonly<Record<string, (...given: A) => R>> | undefined,
  name: string,
  full: string,
): (...given: A) => R {
  const found = owner?.[name];
  if (typeof found !== 'function')
    throw new TypeError(`Cannot serve "${full}": nothing implements it`);
  return found.bind(owner);
}

function validateOptional(name: string, validate: Validator | undefined, value: unknown): unknown {
  try {
    return validate?.(value);
  } catch (error) {
    throw invalidParams(name, error);
  }
}

/** What an implementation gave, as its contract says it, in JSON. @throws {ContractBrokenError} */
function encodeChecked(name: string, validate: Validator, value: unknown): string {
  try {
    return JSON.stringify(validate(value)) ?? 'null';
  } catch (cause) {
    throw new ContractBrokenError(name, cause);
  }
}

/** An event and where it stands, as JSON. */
export interface EncodedItem {
  readonly event: string;
  /** Left out where the stream has no cursors. */
  readonly cursor: string | undefined;
}

/** An implementation gave what its contract does not allow: a mistake of ours, never the caller's. */
class ContractBrokenError extends Error {
  override readonly name = 'ContractBrokenError';

  constructor(name: string, cause: unknown) {
    super(`Cannot answer "${name}": what it gave is not what the contract says`, { cause });
  }
}

/** Events as the contract says them. A producer's mistake ends the stream, as its failure would. */
class CheckedEvents implements AsyncIterator<EncodedItem> {
  readonly #name: string;
  readonly #events: AsyncIterator<StreamItem<unknown>>;
  readonly #stream: Stream;
  readonly #outward: (error: unknown) => Error;

  constructor(
    name: string,
    events: AsyncIterator<StreamItem<unknown>>,
    stream: Stream,
    outward: (error: unknown) => Error,
  ) {
    this.#name = name;
    this.#events = events;
    this.#stream = stream;
    this.#outward = outward;
  }

  async next(): Promise<IteratorResult<EncodedItem>> {
    try {
      const step = await this.#events.next();
      if (step.done) return { done: true, value: undefined };
      const { cursor } = this.#stream;
      return {
        done: false,
        value: {
          event: this.#encode(step.value.event),
          cursor: cursor && encodeChecked(this.#name, cursor, step.value.cursor),
        },
      };
    } catch (error) {
      throw this.#outward(error);
    }
  }

  #encode(value: unknown): string {
    const { event, texts } = this.#stream;
    if (typeof value !== 'object' || value === null) {
      return encodeChecked(this.#name, event, value);
    }
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = encodeChecked(this.#name, event, value);
    texts.set(value, text);
    return text;
  }

  async return(): Promise<IteratorResult<EncodedItem>> {
    try {
      await this.#events.return?.();
    } catch {
      // nobody reads any more: what the producer's end had to say went to its own trace
    }
    return { done: true, value: undefined };
  }
}

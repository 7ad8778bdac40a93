/** What sound components say to each other, for tests to spoil. */
import { openAuthority } from '#platform/tls/authority.ts';
import type { Authority } from '#platform/tls/authority.ts';
import { openTokens } from '#platform/tokens/tokens.ts';
import type { Tokens } from '#platform/tokens/tokens.ts';
import { mutateValue, pick } from './random.ts';
import type { Random } from './random.ts';
import type { ComponentRow } from './rows.ts';
import { RpcSession, outcomeOf } from './rpc-session.ts';
import { sampleOf } from './sample.ts';
import type { Centre } from './start-centre.ts';
import { dial } from './wires.ts';
import type { Far } from './wires.ts';

/** Calls in one session of sound frames. */
export const CALLS_PER_SESSION = 25;

/** Speaks at the rows of a centre as its components do: with their tokens and certificates. */
export class ComponentWires {
  readonly #centre: Centre;
  readonly #tokens: Tokens;
  readonly #authority: Authority;

  static async open(centre: Centre): Promise<ComponentWires> {
    return new ComponentWires(centre, await openAuthority(centre.program.data));
  }

  private constructor(centre: Centre, authority: Authority) {
    this.#centre = centre;
    this.#tokens = openTokens(centre.program.data);
    this.#authority = authority;
  }

  tokenOf(role: string): string {
    return this.#tokens.tokenOf(role);
  }

  /** How `role` reaches a row: with a certificate where it speaks TLS. */
  async farOf({ id, tls }: Pick<ComponentRow, 'id' | 'tls'>, role: string): Promise<Far> {
    const port = this.#centre.portOf(id);
    if (!tls) return { port };
    const { certificate, key } = await this.#authority.identityOf({ role, hosts: [] });
    return { port, tls: { cert: certificate, key } };
  }

  /** All that goes over the wire in a short session. */
  bytesFor(row: ComponentRow, role: string, random: Random): Buffer {
    if (!row.rpc) return asLines(this.linesFor(row));
    const { name: contract, version } = row.rpc;
    const hello = { method: 'rpc.hello', params: { token: this.tokenOf(role), contract, version } };
    const calls = Array.from({ length: 3 }, () => {
      const [method, params] = soundCall(row, role, random);
      return { method, params, timeout: 1_000 };
    });
    const frames = [hello, ...calls].map((message, id) =>
      textFrame(JSON.stringify({ jsonrpc: '2.0', id, ...message })),
    );
    return Buffer.concat([Buffer.from(upgrade(this.#centre.portOf(row.id), '/')), ...frames]);
  }

  /** A session of sound frames with odd values in them. */
  async sayOddValues(row: ComponentRow, random: Random): Promise<void> {
    if (!row.rpc) return;
    const role = roleAt(row, random);
    const { session } = await this.#open(row, role);
    const streams = Object.keys(row.rpc.streams ?? {});
    for (let id = 1; id <= CALLS_PER_SESSION; id++) {
      const [method, params] = soundCall(row, role, random);
      const follow = { stream: pick(random, streams), params: {}, since: random(3) };
      if (streams.length > 0 && random(10) === 0) {
        session.call(id, 'rpc.follow', mutateValue(follow, random));
      } else session.call(id, method, mutateValue(params, random));
    }
    session.call(CALLS_PER_SESSION + 1, 'rpc.unknown', {});
    await session.answer(CALLS_PER_SESSION + 1, 3_000);
    session[Symbol.dispose]();
  }

  /** A hello and what may follow it. */
  linesFor({ lines }: ComponentRow): object[] {
    if (!lines) return [];
    const { role, stream, events } = lines;
    return [
      { hello: { token: this.tokenOf(role), stream, version: 1 } },
      ...[1, 2, 3].map((n) => ({ n, event: events[0] ?? {} })),
      { beat: true },
      { gap: 5 },
      { ack: 1 },
    ];
  }

  /** What a row answers to whoever speaks soundly there. */
  async soundAnswers(row: ComponentRow): Promise<string[]> {
    const answers: string[] = [];
    if (row.rpc) {
      const { session, hello } = await this.#open(
        row,
        roleAt(row, () => 0),
      );
      session.call(1, 'rpc.unknown', {});
      answers.push(hello, outcomeOf(await session.answer(1, 5_000)));
      session[Symbol.dispose]();
    }
    if (row.lines) {
      const socket = dial(await this.farOf(row, row.lines.role));
      socket.write(asLines(this.linesFor(row).slice(0, 1)));
      const first = await new Promise<string>((resolve) => {
        socket.once('data', (data: Buffer) => resolve(data.toString()));
        socket.once('close', () => resolve('closed'));
      });
      answers.push(first.startsWith('{"welcome"') ? 'welcome' : first);
      socket.destroy();
    }
    return answers;
  }

  async #open(row: ComponentRow, role: string) {
    if (!row.rpc) throw new Error(`"${row.id}" does not speak JSON-RPC`);
    return RpcSession.open(await this.farOf(row, role), row.rpc, this.tokenOf(role));
  }
}

/** What `soundAnswers` gives where all is well. */
export const soundAt = ({ rpc, lines }: ComponentRow): string[] => [
  ...(rpc ? ['done', 'unknown-method'] : []),
  ...(lines ? ['welcome'] : []),
];

/** A role that may come in. */
export function roleAt(row: ComponentRow, random: Random): string {
  if (!row.rpc) return row.lines?.role ?? '';
  if (row.roles && !row.tls) return pick(random, row.roles);
  return pick(random, [...new Set(Object.values(row.rpc.methods).flatMap(({ roles }) => roles))]);
}

export const asLines = (said: readonly unknown[]): Buffer =>
  Buffer.from(said.map((line) => `${JSON.stringify(line)}\n`).join(''));

/** A request to upgrade, to its last byte. */
export const upgrade = (port: number, path: string, ...headers: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...headers,
    '\r\n',
  ].join('\r\n');

/** A method that `role` may call, and something that it may be called with. */
function soundCall(row: ComponentRow, role: string, random: Random): [string, unknown] {
  const methods = Object.entries(row.rpc?.methods ?? {}).filter(([, m]) => m.roles.includes(role));
  const [name, method] = pick(random, methods);
  return [name, sampleOf(method.params, random)];
}

/** A masked text frame, RFC 6455 §5.2. */
function textFrame(content: string): Buffer {
  const mask = Buffer.from([0x11, 0x22, 0x33, 0x44]);
  const payload = Buffer.from(content).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, mask, payload]);
}

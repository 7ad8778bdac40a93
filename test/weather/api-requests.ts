/** Requests of the public API that fit their routes, for tests to spoil. */
import type { RouteDefinition } from '#base/http-api.ts';
import { api } from '#servers/desktop-server/contract.ts';
import { upgrade } from './component-wires.ts';
import { mutateValue, pick } from './random.ts';
import type { Random } from './random.ts';
import { sampleOf } from './sample.ts';
import { ask } from './wires.ts';
import type { HttpAnswer } from './wires.ts';

const ROUTES: readonly RouteDefinition[] = Object.values(api);

interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** A request as it goes over the wire, or an upgrade to one of the two sockets. */
export function rawRequest(port: number, token: string, random: Random): Buffer {
  const proof = [`Authorization: Bearer ${token}`, 'Emcee-Agent: agent-1'];
  switch (random(10)) {
    case 0:
      return Buffer.from(upgrade(port, '/api/v1/events', ...proof));
    case 1:
      return Buffer.from(upgrade(port, '/chat/socket', `Origin: http://127.0.0.1:${port}`));
  }
  const request = soundRequest(random);
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const head = [
    `${request.method} ${addressOf(request)} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: close',
    ...proof,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '\r\n',
  ];
  return Buffer.from(head.join('\r\n') + body);
}

/** Asks with an odd value somewhere; resolves with the answer and what was asked. */
export async function askOddly(
  port: number,
  token: string,
  random: Random,
): Promise<{ asked: string; answer: HttpAnswer }> {
  const sound = soundRequest(random);
  const request = random(3) === 0 ? sound : mutateRequest(sound, random);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...(random(2) === 0 && { 'emcee-agent': 'agent-1' }),
  };
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const answer = await ask({ port }, addressOf(request), headers, request.method, body);
  return { asked: `${request.method} ${addressOf(request)} ${body?.slice(0, 500)}`, answer };
}

function soundRequest(random: Random): ApiRequest {
  const { method, path, params, query, body } = pick(random, ROUTES);
  const record = (schema: RouteDefinition['query']): Record<string, unknown> =>
    schema ? (sampleOf(schema, random) as Record<string, unknown>) : {};
  return {
    method,
    path,
    params: record(params),
    query: record(query),
    body: body ? sampleOf(body, random) : undefined,
  };
}

function mutateRequest(request: ApiRequest, random: Random): ApiRequest {
  const part = pick(random, ['params', 'query', 'body'] as const);
  const odd = mutateValue(request[part], random);
  const fits = part === 'body' || (typeof odd === 'object' && odd !== null);
  return fits ? { ...request, [part]: odd } : request;
}

function addressOf({ path, params, query }: ApiRequest): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(params[name]));
  const asked = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return `/api/v1${filled}?${asked.join('&')}`;
}

function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return encodeURIComponent(text.slice(0, 500).toWellFormed());
}

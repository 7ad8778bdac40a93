/** A caller of the API over real HTTP, for tests of this room. */
import type { ApiError } from '../api/common.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

/** One browser or program: it keeps its cookie and says its origin. */
export class ApiCaller {
  readonly url: string;
  headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = { origin: url }) {
    this.url = url;
    this.headers = headers;
  }

  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...this.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const cookie = response.headers.get('set-cookie');
    if (cookie) this.headers['cookie'] = cookie.replace(/;.*/, '');
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      headers: response.headers,
    };
  }

  /** The refusal's status and code, or the status alone. */
  async outcome(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await this.send(method, path, body);
    const code = (answer.body as Partial<ApiError> | undefined)?.error?.code;
    return code === undefined ? String(answer.status) : `${answer.status} ${code}`;
  }
}

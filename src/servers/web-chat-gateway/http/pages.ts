import type { IncomingMessage, ServerResponse } from 'node:http';
import { EntryPointId } from '#domain/ids.ts';
import { CHAT_PATH } from '../contract.ts';
import type { Asset } from './assets.ts';
import { frameHeaders } from './frame-headers.ts';

/** Visitors' browsers ask for the loader again after so long; its name must stay the same for ever. */
const LOADER_CACHE = 'public, max-age=3600';
/** Names of built files hold a hash of their content. */
const ASSET_CACHE = 'public, max-age=31536000, immutable';

export interface PagesParts {
  readonly assets: ReadonlyMap<string, Asset>;
  /** The origins of the pages that may show an entry point, none for any; nothing where it is not in use. */
  readonly originsOf: (entryPoint: EntryPointId) => readonly string[] | undefined;
  /** Whether entry points are known: right after a start they may not be. */
  readonly isReady: () => boolean;
}

/** Answers requests for the loader, the frame and what the frame is made of. */
export function answerPage(
  parts: PagesParts,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    return say(response, 405, 'Only GET is answered here', { allow: 'GET, HEAD' });
  }
  const url = URL.parse(request.url ?? '/', 'http://localhost');
  const path = url?.pathname.slice(CHAT_PATH.length + 1) ?? '';
  if (path === 'socket') {
    return say(response, 426, 'This address is for WebSockets', { upgrade: 'websocket' });
  }
  if (parts.assets.size === 0) {
    return say(response, 503, 'The chat widget has not been built: run "npm run build"');
  }
  if (path === 'frame')
    return frame(parts, request, response, url?.searchParams.get('entry-point'));
  const asset = path.endsWith('.html') ? undefined : parts.assets.get(path);
  if (!asset) return say(response, 404, 'There is no such file');
  const isLoader = path === 'widget.js';
  give(request, response, asset, {
    'cache-control': isLoader ? LOADER_CACHE : ASSET_CACHE,
    // whatever page a visitor is on may show the widget, also one that isolates itself
    'cross-origin-resource-policy': 'cross-origin',
  });
}

function frame(
  { assets, originsOf, isReady }: PagesParts,
  request: IncomingMessage,
  response: ServerResponse,
  entryPoint: string | null | undefined,
): void {
  if (!isReady()) return say(response, 503, 'The chat is starting', { 'retry-after': '2' });
  const id = EntryPointId.safeParse(entryPoint);
  const origins = id.success ? originsOf(id.data) : undefined;
  const asset = assets.get('frame.html');
  if (!origins || !asset) return say(response, 404, 'This chat is not in use');
  give(request, response, asset, frameHeaders(origins));
}

function give(
  request: IncomingMessage,
  response: ServerResponse,
  asset: Asset,
  headers: Readonly<Record<string, string>>,
): void {
  const all = {
    ...headers,
    'content-type': asset.type,
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    etag: asset.tag,
  };
  if (request.headers['if-none-match'] === asset.tag)
    return void response.writeHead(304, all).end();
  const zips = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const body = zips ? asset.zipped : asset.plain;
  response.writeHead(200, {
    ...all,
    ...(zips && { 'content-encoding': 'gzip' }),
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function say(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(`${sentence}\n`);
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': body.length,
      'x-content-type-options': 'nosniff',
      ...headers,
    })
    .end(body);
}

import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import { contentPolicy } from '../contract/content-policy.ts';
import { APP_HOST, APP_SCHEME, CRASH_PAGE } from './origin.ts';

/** To be registered before the app is ready. No `bypassCSP`, no service workers, no streams: the page needs none. */
export const APP_SCHEMES: CustomScheme[] = [
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
];

/** What the built page is made of; a file of any other kind is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Longest path that is looked at. */
const MAX_PATH = 1024;

export interface AppProtocolOptions {
  /** The built page. */
  readonly folder: string;
  readonly crashPage: () => string;
}

/** Serves the page from its folder and nothing else. */
export function serveApp(protocol: Pick<Protocol, 'handle'>, options: AppProtocolOptions): void {
  protocol.handle(APP_SCHEME, (request) => appResponse(request, options));
}

/** The answer to one request of the window. */
export async function appResponse(
  request: { readonly url: string; readonly method: string },
  { folder, crashPage }: AppProtocolOptions,
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405);
  if (request.url === CRASH_PAGE) return answer(200, crashPage(), '.html');
  const path = pathOf(request.url);
  const type = path === undefined ? undefined : extname(path);
  if (path === undefined || type === undefined || !Object.hasOwn(TYPES, type)) return answer(404);
  try {
    return answer(200, await readFile(join(folder, path)), type);
  } catch {
    return answer(404);
  }
}

/**
 * The file below the page's folder that an address names. Decoded once, as a URL is; what would then still leave the
 * folder, or mean something else on another system (a backslash, a drive, a stream), names nothing.
 */
export function pathOf(address: string): string | undefined {
  if (address.length > MAX_PATH) return undefined;
  try {
    const url = new URL(address);
    if (url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST || url.username !== '') return undefined;
    const decoded = decodeURIComponent(url.pathname);
    // One that is still encoded was encoded twice, which our own files never are.
    if (/[\\\0:%]/.test(decoded)) return undefined;
    if (decoded === '/') return 'index.html';
    const segments = decoded.split('/').slice(1);
    return segments.some((name) => name === '' || name.startsWith('.')) ? undefined : segments.join(sep);
  } catch {
    return undefined;
  }
}

function answer(status: number, body: string | Uint8Array<ArrayBuffer> | null = null, type = '.html'): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': TYPES[type] ?? 'application/octet-stream',
      'content-security-policy': contentPolicy(),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  });
}

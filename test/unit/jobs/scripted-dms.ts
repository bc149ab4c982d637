import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What it does with the next request. */
export type Turn =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Keeps the report and closes the connection before a word of the answer. */
  | 'drop-answer'
  | 'say-nothing';

/** A DM server's report interface that follows a script; afterwards it does as it should. */
export async function startScriptedDms() {
  const turns: Turn[] = [];
  /** Bodies by key: what has had an effect. */
  const kept = new Map<string, string>();
  const requests: { readonly key: string; readonly body: string; readonly path: string }[] = [];
  const watchers: (() => void)[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const key = String(request.headers['idempotency-key']);
    requests.push({ key, body, path: `${request.method} ${request.url}` });
    for (const watcher of watchers.splice(0)) watcher();
    const turn = turns.shift();
    if (turn === 'say-nothing') return;
    if (turn !== undefined && turn !== 'drop-answer') {
      response.writeHead(turn.status, turn.headers).end(turn.body ?? '');
      return;
    }
    const repeated = kept.has(key);
    if (!repeated) kept.set(key, body);
    if (turn === 'drop-answer') request.socket.destroy();
    else response.writeHead(repeated ? 200 : 201).end('{}');
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => answer(request, response, body));
  });
  let port = 0;
  const listen = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  await listen();
  onTestFinished(close);
  return {
    turns,
    kept,
    requests,
    origin: `http://127.0.0.1:${port}`,
    close,
    listen,
    /** Resolves at the next request. */
    asked: () => new Promise<void>((resolve) => watchers.push(resolve)),
  };
}

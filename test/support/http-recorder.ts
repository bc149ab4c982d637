import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodingOf } from '../../src-main/syncml/content-type.ts';
import type { MessageRecord } from './message-record.ts';
import type { Stage } from './processes.ts';

/** A server that passes every request on to the DM server behind it and keeps what went by. */
export interface HttpRecorder {
  /** Its `/dm`. */
  readonly url: string;
  /** Path and query of each request. */
  readonly paths: readonly string[];
  /** Where requests go; before it is set they are answered by 503. */
  target: string | undefined;
}

export interface HttpRecorderOptions {
  readonly record?: MessageRecord;
  readonly origin?: string;
}

/** Stands between a relay (or a handset) and a DM server; ends with the stage. */
export async function httpRecorder(stage: Stage, options: HttpRecorderOptions = {}): Promise<HttpRecorder> {
  const paths: string[] = [];
  const recorder: { url: string; paths: string[]; target: string | undefined } = { url: '', paths, target: undefined };
  const server = createServer((incoming, answer) => {
    paths.push(incoming.url ?? '');
    void passOn(incoming, answer, recorder.target, options).catch(() => answer.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stage.owns(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  recorder.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`;
  return recorder;
}

async function passOn(
  incoming: IncomingMessage,
  answer: ServerResponse,
  target: string | undefined,
  options: HttpRecorderOptions,
): Promise<void> {
  const body = await bodyOf(incoming);
  if (target === undefined) {
    answer.writeHead(503).end();
    return;
  }
  keep(incoming, body, 'to-dms', options);
  const url = new URL(incoming.url ?? '/', target);
  const outgoing = request(url, {
    method: incoming.method ?? 'GET',
    agent: false,
    headers: { ...incoming.headers, host: url.host, 'content-length': body.length },
  });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  outgoing.once('response', resolve).once('error', reject).end(body);
  const reply = await promise;
  const content = await bodyOf(reply);
  keep(reply, content, 'to-handset', options);
  answer.writeHead(reply.statusCode ?? 502, reply.headers).end(content);
}

function keep(message: IncomingMessage, body: Uint8Array, direction: string, options: HttpRecorderOptions): void {
  const encoding = encodingOf(message.headers['content-type'] ?? '');
  if (encoding !== undefined) options.record?.add(body, encoding, `${options.origin ?? 'a session'}, ${direction}`);
}

async function bodyOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'undici';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { type BenchMessages, ROUND_TRIPS, requestOf } from './messages.ts';

const TYPE = 'application/vnd.syncml.dm+wbxml';

/** The index of a message travels where a relay must not touch it. */
function hmacOf(index: number): string {
  return `algorithm=MD5, username="h${index}", mac=XSyvwd2YM0lhmXu8JllsNg==`;
}

/** A DMS that answers with the message of the same number. */
export async function startDms(messages: BenchMessages): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const index = Number(/"h(\d+)"/.exec(String(request.headers['x-syncml-hmac']))?.[1]);
      const body = messages.answers[index] ?? new Uint8Array();
      response.writeHead(200, {
        'Content-Type': TYPE,
        'Content-Length': body.length,
        'x-syncml-hmac': hmacOf(index),
      });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`;
  const close = (): void => {
    // A server that still listens keeps the process from ending.
    server.close();
    server.closeAllConnections();
  };
  return { url, close };
}

/** A handset that runs one session after the other. */
export interface BenchHandset {
  /** Adds the milliseconds of each round trip to `times`. */
  session(number: number, times: number[]): Promise<void>;
  close(): Promise<void>;
}

export function httpHandset(address: string, messages: BenchMessages): BenchHandset {
  const { origin, pathname } = new URL(address);
  const client = new Client(origin, { keepAliveTimeout: 120_000 });
  return {
    async session(number, times) {
      for (let index = 0; index < ROUND_TRIPS; index += 1) {
        const body = requestOf(messages, index, number);
        const startedAt = performance.now();
        const answer = await client.request({
          path: pathname,
          method: 'POST',
          headers: { 'content-type': TYPE, 'x-syncml-hmac': hmacOf(index) },
          body,
        });
        const received = await answer.body.arrayBuffer();
        times.push(performance.now() - startedAt);
        check(answer.statusCode === 200 && received.byteLength === messages.answers[index]?.length, index);
      }
    },
    close: () => client.close(),
  };
}

export function obexHandset(address: string, messages: BenchMessages): BenchHandset {
  const bearer = createTcpBearer();
  const { signal } = new AbortController();
  return {
    async session(number, times) {
      const stream = await bearer.dial(bearer.parse(address), { signal });
      const link = await openObexClientLink(stream, { target: SYNCML_DM_TARGET, signal, getTypes: [TYPE] });
      for (let index = 0; index < ROUND_TRIPS; index += 1) {
        const body = requestOf(messages, index, number);
        const startedAt = performance.now();
        await link.send({ contentType: TYPE, body, hmac: hmacOf(index) }, signal);
        const answer = await link.receive(signal);
        times.push(performance.now() - startedAt);
        check(answer?.body.length === messages.answers[index]?.length, index);
      }
      await link.close('done');
    },
    close: async () => undefined,
  };
}

function check(fine: boolean, index: number): void {
  if (!fine) throw new Error(`the answer to message ${index + 1} is not the one that the DMS gave`);
}

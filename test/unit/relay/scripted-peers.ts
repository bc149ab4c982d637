import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { seconds } from '../../../src-main/base/durations.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import type { CommandContext } from '../../../src-main/cli/command.ts';
import { RelayOptions } from '../../../src-main/cli/options.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { Envelope, MessageLink } from '../../../src-main/link/message-link.ts';
import { dmService } from '../../../src-main/link/obex-dm-service.ts';
import { serveObex } from '../../../src-main/obex/server.ts';

/** Closed when a test ends, latest first. */
export class Cleanup {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

export interface ScriptedHandset {
  readonly address: string;
  /** What was put, each connection on its own. */
  readonly received: Envelope[][];
}

/** A handset that is an OBEX server: plays one function a connection, the last one for all that follow. */
export async function listeningHandset(
  cleanup: Cleanup,
  parts: readonly ((link: MessageLink, received: Envelope[], stream: ByteStream) => Promise<void>)[],
): Promise<ScriptedHandset> {
  const stop = new AbortController();
  const bearer = createTcpBearer();
  const received: Envelope[][] = [];
  let count = 0;
  const listener = await bearer.listen(bearer.parse('tcp:127.0.0.1:0'), {
    signal: stop.signal,
    onStream: (stream) => {
      const onLink = (link: MessageLink): void => {
        const part = parts[Math.min(count, parts.length - 1)];
        count += 1;
        const seen: Envelope[] = [];
        received.push(seen);
        part?.(link, seen, stream).catch(() => undefined);
      };
      serveObex(stream, { services: [dmService({ onLink, closeLimit: seconds(5) })], signal: stop.signal }).catch(
        () => undefined,
      );
    },
  });
  cleanup.add(() => stop.abort());
  return { address: listener.address.text, received };
}

/** Takes package 0, then says each message and takes its answer. */
export function sayingInTurn(...messages: readonly Envelope[]) {
  return async (link: MessageLink, received: Envelope[]): Promise<void> => {
    const { signal } = new AbortController();
    const take = async (): Promise<void> => {
      const message = await link.receive(signal);
      if (message !== undefined) received.push(message);
    };
    await take();
    for (const message of messages) {
      await link.send(message, signal);
      await take();
    }
    await link.receive(signal);
  };
}

export interface ScriptedDms {
  readonly url: string;
  readonly posts: {
    readonly path: string;
    readonly body: Uint8Array;
    readonly headers: Readonly<Record<string, unknown>>;
  }[];
  readonly server: Server;
}

/** What a DMS answers: a message, or bytes of its own choice, or nothing for ever. */
export type DmsCue =
  | Envelope
  | { readonly status: number; readonly type?: string; readonly text?: string; readonly cutAt?: number }
  | 'silence';

export async function scriptedDms(cleanup: Cleanup, cues: readonly DmsCue[]): Promise<ScriptedDms> {
  const posts: { path: string; body: Uint8Array; headers: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posts.push({ path: request.url ?? '', body: new Uint8Array(Buffer.concat(chunks)), headers: request.headers });
      const cue = cues[posts.length - 1];
      if (cue === 'silence' || cue === undefined) return;
      if ('body' in cue) {
        const hmac = cue.hmac === undefined ? {} : { 'x-syncml-hmac': cue.hmac };
        response.writeHead(200, { 'Content-Type': cue.contentType, 'Content-Length': cue.body.length, ...hmac });
        response.end(cue.body);
        return;
      }
      const text = cue.text ?? '';
      response.writeHead(cue.status, { 'Content-Type': cue.type ?? 'text/html', 'Content-Length': text.length });
      if (cue.cutAt === undefined) response.end(text);
      else response.write(text.slice(0, cue.cutAt), () => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`, posts, server };
}

export interface Watched {
  readonly context: CommandContext;
  readonly events: UntimedEvent[];
  readonly notes: string[];
  readonly controller: AbortController;
  /** The first event that fits, now or later. */
  event(fits: (event: UntimedEvent) => boolean): Promise<UntimedEvent>;
}

/** What a command gets, and what came out of it. */
export function commandContext(): Watched {
  const controller = new AbortController();
  const events: UntimedEvent[] = [];
  const notes: string[] = [];
  const waiting = new Set<() => void>();
  return {
    controller,
    events,
    notes,
    async event(fits) {
      for (;;) {
        const found = events.find(fits);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    context: {
      emit: (event) => {
        events.push(event);
        for (const wake of waiting) wake();
        waiting.clear();
      },
      note: (text) => notes.push(text),
      print: () => undefined,
      signal: controller.signal,
      json: true,
      unmask: false,
      resolvePath: (path) => path,
    },
  };
}

export function relayOptions(flags: Readonly<Record<string, unknown>>): RelayOptions {
  return RelayOptions.parse(flags);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import type { HandsetRegistry } from '../../../src-main/handset/registry.ts';
import { hostEndpoint } from '../../../src-main/host/endpoint.ts';
import { type Host, type HostOptions, openHost } from '../../../src-main/host/host.ts';
import { connectLocal, type LocalConnection } from '../../../src-main/host/local-client.ts';
import type { OwnServer } from '../../../src-main/operations/ports.ts';
import { makePlaces, type Places, places } from '../../../src-main/settings/places.ts';
import { Lines } from '../../support/lines.ts';

/** A data folder for one test, with hosts and faces that are closed after it. */
export function testHome() {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  const made = (): Places => {
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-host-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const own = places({ PC_AGENT_HOME: folder }, process.platform);
    makePlaces(own);
    return own;
  };
  return {
    places: made,
    async host(own: Places, options: Partial<HostOptions> = {}): Promise<Host> {
      const host = await openHost({
        places: own,
        clock: nodeClock,
        sendReports: false,
        note: () => undefined,
        ...options,
      });
      closers.push(() => host.close());
      return host;
    },
    async face(own: Places): Promise<LocalConnection> {
      const face = await connectLocal({ endpoint: hostEndpoint(own.runtime), face: 'test', signal: never() });
      if (face === undefined) throw new Error('nobody listens');
      closers.push(() => face.close());
      return face;
    },
    /** A socket on which a test says what it likes. */
    async raw(own: Places, hello = true): Promise<RawFace> {
      const socket = createConnection(hostEndpoint(own.runtime));
      closers.push(() => socket.destroy());
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('connect', resolve));
      const raw: RawFace = {
        lines: new Lines(socket),
        say: (frame) => void socket.write(typeof frame === 'string' ? frame : `${JSON.stringify(frame)}\n`),
        hangUp: () => socket.destroy(),
      };
      if (hello) {
        raw.say(HELLO);
        await raw.lines.matching(/"kind":"welcome"/);
      }
      return raw;
    },
  };
}

export const HELLO = { kind: 'hello', contract: CONTRACT_VERSION, version: 'test', face: 'test' };

export interface RawFace {
  readonly lines: Lines;
  say(frame: object | string): void;
  hangUp(): void;
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

export const QUIET = { emit: () => undefined, signal: never() };

/** An own server whose work begins and ends when the test says so. */
export function patientServer() {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const device = 'IMEI:004999010640000';
  const server = (handsets: HandsetRegistry): OwnServer => ({
    run: (_orders, { address }, { signal }) =>
      new Promise((resolve, reject) => {
        begun.resolve();
        signal.addEventListener('abort', () => {
          aborted.resolve();
          reject(signal.reason);
        });
        void finish.promise
          .then(() => handsets.met({ device, address: address.text }))
          .then(() => resolve({ device, sessions: ['A1'], jobs: [{ state: 'done' }], components: [] }), reject);
      }),
  });
  return { server, begun: begun.promise, finish: () => finish.resolve(), aborted: aborted.promise };
}

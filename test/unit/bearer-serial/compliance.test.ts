import { afterAll } from 'vitest';
import { openNativePort } from '../../../src-main/bearer/child/native/serial-port.ts';
import { openPtyPair, type PtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';
import { findProgram } from '../../support/peers.ts';
import { openSocatPair } from '../../support/socat-pair.ts';

const pairs: PtyPair[] = [];

afterAll(async () => {
  await Promise.all(pairs.map((pair) => pair.close()));
});

// Without the prelude: the suite's peers are neither OBEX nor AT.
const bearer = createSerialBearer({ openPort: openNativePort, prelude: false });

function suite(name: string, open: () => Promise<PtyPair>): void {
  bearerSuite(name, () => ({
    bearer,
    free: async () => {
      const pair = await open();
      pairs.push(pair);
      return `serial:${pair.far}`;
    },
    refused: async () => 'serial:/dev/pc-agent-no-such-port',
    reset: () => void pairs.at(-1)?.close(),
    lineEnd: (listening) => `serial:${pairs.findLast((pair) => listening === `serial:${pair.far}`)?.near}`,
  }));
}

suite('serial', () => openPtyPair(new AbortController().signal));
if (findProgram('socat') !== undefined) suite('serial, a pair by socat', openSocatPair);

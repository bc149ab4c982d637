import { afterAll } from 'vitest';
import { openPtyPair, type PtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';

const pairs: PtyPair[] = [];

afterAll(async () => {
  await Promise.all(pairs.map((pair) => pair.close()));
});

async function fresh(): Promise<string> {
  const pair = await openPtyPair(new AbortController().signal);
  pairs.push(pair);
  return `serial:${pair.far}`;
}

// Without the prelude: the suite's peers are neither OBEX nor AT.
const bearer = createSerialBearer({ prelude: false });

bearerSuite('serial', () => ({
  bearer,
  free: fresh,
  refused: async () => 'serial:/dev/pc-agent-no-such-port',
  reset: () => void pairs.at(-1)?.close(),
  lineEnd: (listening) => `serial:${pairs.find((pair) => listening === `serial:${pair.far}`)?.near}`,
}));

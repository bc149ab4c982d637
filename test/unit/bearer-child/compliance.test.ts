import { afterAll } from 'vitest';
import { childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import { nodeBearerChild } from '../../../src-main/bearer/child/start-child.ts';
import { openPtyPair, type PtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';

const never = new AbortController().signal;
const bearers = childBearers({
  start: nodeBearerChild(new URL('fixtures/trick-child.ts', import.meta.url)),
  tcp: true,
});
const tcp = bearers.for('tcp');
const serial = bearers.for('serial');
const pairs: PtyPair[] = [];

afterAll(async () => {
  await Promise.all([bearers.close(), ...pairs.map((pair) => pair.close())]);
});

async function refused(): Promise<string> {
  const own = createTcpBearer();
  const listener = await own.listen(own.parse('tcp:127.0.0.1:0'), { signal: never, onStream: () => undefined });
  await listener.close();
  return listener.address.text;
}

bearerSuite('tcp, both ends through the child', () => ({
  bearer: tcp,
  free: () => 'tcp:127.0.0.1:0',
  refused,
  reset: () => void tcp.dial(tcp.parse('tcp:reset.invalid:1'), { signal: never }).catch(() => undefined),
}));

bearerSuite('serial, both ends through the child', () => ({
  bearer: serial,
  free: async () => {
    const pair = await openPtyPair(never);
    pairs.push(pair);
    return `serial:${pair.far}`;
  },
  refused: async () => 'serial:/dev/pc-agent-no-such-port',
  reset: () => void pairs.at(-1)?.close(),
  lineEnd: (listening) => `serial:${pairs.findLast((pair) => listening === `serial:${pair.far}`)?.near}`,
}));

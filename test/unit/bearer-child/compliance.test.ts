import { afterAll } from 'vitest';
import { childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import { nodeBearerChild } from '../../../src-main/bearer/child/start-child.ts';
import { openPtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';
import { PtyLines } from '../../support/pty-lines.ts';

const never = new AbortController().signal;
const bearers = childBearers({
  start: nodeBearerChild(new URL('fixtures/trick-child.ts', import.meta.url)),
  tcp: true,
});
const tcp = bearers.for('tcp');
const serial = bearers.for('serial');
const usb = bearers.for('usb');
const lines = new PtyLines(() => openPtyPair(never));
let ports = 0;

afterAll(async () => {
  await Promise.all([bearers.close(), lines.close()]);
});

/** Has the child do one of its tricks. */
async function trick(name: string): Promise<void> {
  await tcp.dial(tcp.parse(`tcp:${name}.invalid:1`), { signal: never }).catch(() => undefined);
}

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
  reset: () => void trick('reset'),
}));

const { free, lineEnd, replug, reset } = lines;

bearerSuite('serial, both ends through the child', () => ({
  ...{ bearer: serial, free, lineEnd, replug, reset },
  refused: async () => 'serial:/dev/pc-agent-no-such-port',
  megabytes: 4,
}));

bearerSuite('bluetooth, both ends through the child', () => ({
  bearer: bearers.for('bluetooth'),
  free: () => 'bluetooth:00:00:00:00:00:00',
  refused: async () => 'bluetooth:00:1A:89:10:20:30@30',
  reset: () => void trick('out-of-range'),
  megabytes: 4,
}));

bearerSuite('usb, both ends through the child', () => ({
  bearer: usb,
  free: () => {
    ports += 1;
    return `usb:0421:0123@1-${ports}`;
  },
  refused: async () => 'usb:0421:0123@9-9',
  reset: () => void trick('unplug'),
  replug: () => trick('replug'),
  megabytes: 16,
  lineEnd: (listening) => listening,
}));

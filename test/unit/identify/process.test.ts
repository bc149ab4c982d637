import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { type Bearers, ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import type { AttachedFunction } from '../../../src-main/bearer/discovery.ts';
import { openPtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { identifyHandset } from '../../../src-main/handset/identify/identify-handset.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { Lines } from '../../support/lines.ts';

const LAUNCHER = fileURLToPath(new URL('../../../src-main/launch/pc-agent.mjs', import.meta.url));
const never = new AbortController().signal;
const KNOWN = {
  manufacturer: 'PC Agent',
  model: 'Old One',
  firmware: '1.0',
  device: 'IMEI:004999010640000',
  strong: true,
};

it('a virtual handset is identified at a bad serial line and by OBEX, and listens for commands after it', async () => {
  const pair = await openPtyPair(never);
  const faults = ['at-echo', 'at-babble', 'duplicate-bearer=tcp:127.0.0.1:0'].flatMap((fault) => ['--fault', fault]);
  const listen = ['virtual-handset', '--listen', `serial:${pair.far}`, '--profile', 'at-only', '--model', 'Old One'];
  const child = spawn(process.execPath, [LAUNCHER, ...listen, ...faults, '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = once(child, 'exit');
  const own = ownProcessBearers();
  // Packets are the same on any stream that has no noise: this one stands for a function of a USB device.
  const bearers: Pick<Bearers, 'for' | 'rfcomm'> = { ...own, for: (kind) => own.for(kind === 'usb' ? 'tcp' : kind) };
  const identify = (...functions: AttachedFunction[]) =>
    identifyHandset({ id: 'usb:1-2', place: '1-2', functions }, { bearers, clock: nodeClock, signal: never });
  try {
    const lines = new Lines(child.stdout);
    const [, tcp = ''] = await lines.matching(/"listening".*"address":"(tcp:[^"]+)"/);
    const line: AttachedFunction = { kind: 'serial', address: `serial:${pair.near}` };
    const usb: AttachedFunction = { kind: 'usb', address: tcp };
    expect(await identify(line)).toEqual({ ...KNOWN, via: line.address });
    expect(await identify(usb)).toEqual({ ...KNOWN, speaksDm: true, via: tcp });
    expect(await identify(line, usb)).toEqual({ ...KNOWN, speaksDm: true, via: line.address });
    const bearer = own.for('serial');
    const client = await connectObex(await bearer.dial(bearer.parse(line.address), { signal: never }), {
      signal: never,
    });
    await client.close();
  } finally {
    child.kill();
    await gone;
    await own.close();
    await pair.close();
  }
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { openPtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { identifyHandset } from '../../../src-main/handset/identify/identify-handset.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { Lines } from '../../support/lines.ts';

const LAUNCHER = fileURLToPath(new URL('../../../src-main/launch/pc-agent.mjs', import.meta.url));
const never = new AbortController().signal;

it('a virtual handset at a serial port is identified in spite of echo and babble, and listens for commands after it', async () => {
  const pair = await openPtyPair(never);
  const address = `serial:${pair.far}`;
  const faults = ['--fault', 'at-echo', '--fault', 'at-babble'];
  const args = [
    'virtual-handset',
    '--listen',
    address,
    '--profile',
    'at-only',
    '--model',
    'Old One',
    ...faults,
    '--json',
  ];
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = once(child, 'exit');
  const bearers = ownProcessBearers();
  try {
    await new Lines(child.stdout).matching(/"listening"/);
    const via = `serial:${pair.near}`;
    const thing = { id: via, place: 'pts', functions: [{ kind: 'serial', address: via }] } as const;
    expect(await identifyHandset(thing, { bearers, clock: nodeClock, signal: never })).toEqual({
      ...{ manufacturer: 'PC Agent', model: 'Old One', firmware: '1.0' },
      ...{ device: 'IMEI:004999010640000', strong: true, via },
    });
    const bearer = bearers.for('serial');
    const client = await connectObex(await bearer.dial(bearer.parse(via), { signal: never }), { signal: never });
    await client.close();
  } finally {
    child.kill();
    await gone;
    await bearers.close();
    await pair.close();
  }
});

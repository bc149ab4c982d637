import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openPtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { Lines } from '../../support/lines.ts';
import { LONG, THOROUGH } from '../../support/thoroughness.ts';

const LAUNCHER = fileURLToPath(new URL('../../../src-main/launch/pc-agent.mjs', import.meta.url));
const HANDSETS = LONG ? [1, 8] : !THOROUGH ? [1] : [2];

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...args, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  return { child, lines: new Lines(child.stdout), exit: once(child, 'exit').then(([code]) => code as number) };
}

it.each(HANDSETS)('demo --bearer serial ends well with %i handsets', async (count) => {
  const { lines, exit } = start('demo', '--bearer', 'serial', '--acts', 'relay', '--handsets', String(count));
  expect(await exit).toBe(0);
  const result = JSON.parse((await lines.ended()).at(-1) ?? '{}');
  expect(result).toMatchObject({ type: 'result', ok: true, transparent: true });
  expect(result.handsets.map((handset: { bearer: string }) => handset.bearer)).toEqual(Array(count).fill('serial'));
});

it('[DMP-9-39] relay --handset serial:PATH reaches a handset that hears AT commands only', async () => {
  const pair = await openPtyPair(new AbortController().signal);
  const handset = start('virtual-handset', '--listen', `serial:${pair.far}`, '--profile', 'at-only');
  const dms = start('virtual-dms', '--listen', '127.0.0.1:0');
  await handset.lines.matching(/"listening"/);
  const [, url] = await dms.lines.matching(/"listening".*"address":"([^"]+)"/);
  const device = 'IMEI:004999010640000';
  const origin = new URL(url ?? '').origin;
  await fetch(`${origin}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ device, operation: 'inventory' }),
  });
  const trigger = `${origin}/api/v1/notifications?device=${device}`;
  const flags = ['--dms', url ?? '', '--trigger', trigger, '--count', '1'];
  const relay = start('relay', '--handset', `serial:${pair.near}`, ...flags);
  expect(await relay.exit).toBe(0);
  const sessions = (await relay.lines.ended()).filter((line) => line.includes('"type":"session"'));
  expect(sessions.at(-1)).toContain('"state":"done"');
  handset.child.kill();
  dms.child.kill();
  expect(await handset.exit).toBe(0);
  expect(await dms.exit).toBe(0);
  await pair.close();
});

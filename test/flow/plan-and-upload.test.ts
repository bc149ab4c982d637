import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src-main/base/base64.ts';
import type { Clock } from '../../src-main/base/clock.ts';
import { nodeClock } from '../../src-main/base/node/clock.ts';
import { createTcpBearer } from '../../src-main/bearer/tcp/tcp-bearer.ts';
import { UPLOAD_PIECE } from '../../src-main/contract/requests.ts';
import type { LocalConnection } from '../../src-main/host/local-client.ts';
import type { Places } from '../../src-main/settings/places.ts';
import { bytesOf } from '../unit/cache/rig.ts';
import { QUIET, testHome } from '../unit/host/home.ts';
import { plugIn } from '../unit/offline/bench.ts';

const home = testHome();
const GAME = 'com.example.game';
const DEVICE = 'IMEI:004999010640000';

async function upload(face: LocalConnection, bytes: Uint8Array, meta: { id: string; version: string; model?: string }) {
  const { upload: id } = await face.request('packages.upload', { name: 'game.bin', size: bytes.length }, QUIET);
  for (let at = 0; at < bytes.length; at += UPLOAD_PIECE) {
    const data = toBase64(bytes.subarray(at, at + UPLOAD_PIECE));
    await face.request('packages.piece', { upload: id, data }, QUIET);
  }
  return (await face.request('packages.finish', { upload: id, ...meta }, QUIET)).package;
}

function contentOf({ content }: Places, digest: string): Buffer {
  return readFileSync(join(content, 'sha256', digest.slice(0, 2), digest.slice(2, 4), digest));
}

function unfinished({ content }: Places): readonly string[] {
  return readdirSync(join(content, 'tmp'));
}

describe('an installation that is planned first', () => {
  it('does what the plan says, which changes nothing and orders nothing', async () => {
    const own = home.places();
    await home.host(own);
    const face = await home.face(own);
    const { address: handset } = await plugIn(createTcpBearer(), { model: 'V1' }, 'tcp:127.0.0.1:0');
    const bytes = bytesOf(1_200_000);
    const kept = await upload(face, bytes, { id: GAME, version: '2.0', model: 'V1' });
    expect(contentOf(own, kept.sha256).equals(bytes)).toBe(true);
    await upload(face, bytesOf(10), { id: 'elsewhere', version: '1', model: 'X9' });
    const plan = (packages: string[]) => face.request('install.plan', { handset, packages }, QUIET);

    const first = await plan([GAME, 'elsewhere', 'absent', GAME]);
    expect(first).toMatchObject({ handset, device: DEVICE, model: 'V1', virtual: true, bytes: 1_200_000 });
    expect(first.items).toMatchObject([
      { package: GAME, action: 'install', version: '2.0', size: 1_200_000, trust: 'verified' },
      { package: 'elsewhere', action: 'refuse', code: 'offline/wrong-model' },
      { package: 'absent', action: 'refuse', code: 'cache/absent' },
    ]);
    expect(first).not.toHaveProperty('seconds');
    expect((await face.request('jobs.list', {}, QUIET)).jobs).toEqual([]);

    const installed = await face.request('install', { handset, packages: [GAME] }, QUIET);
    expect(installed.jobs).toMatchObject([{ state: 'done' }]);
    expect(await plan([GAME])).toMatchObject({
      items: [{ action: 'skip', installedVersion: '2.0', code: 'offline/nothing-to-do' }],
      bytes: 0,
    });
    const again = await face.request('install', { handset, packages: [GAME] }, QUIET);
    expect(again.jobs).toMatchObject([{ state: 'skipped', code: 'offline/nothing-to-do' }]);

    await upload(face, bytesOf(600_000, 2), { id: GAME, version: '3.0' });
    const update = await plan([GAME]);
    expect(update.items).toMatchObject([{ action: 'update', installedVersion: '2.0', version: '3.0' }]);
    // The same link as before, and half as many bytes.
    expect(update.seconds).toBeGreaterThan(0);
    expect((await face.request('jobs.list', {}, QUIET)).jobs).toMatchObject([
      { package: GAME, state: 'skipped', device: DEVICE, virtual: true },
      { package: GAME, state: 'done', resultCode: 1200, interruptions: 0 },
    ]);
    const { handsets } = await face.request('packages.readiness', {}, QUIET);
    expect(handsets).toEqual([{ device: DEVICE, ready: 1 }]);
  });
});

describe('an upload', () => {
  it('whose face is killed in the middle leaves nothing', async () => {
    const own = home.places();
    const abandoned = Promise.withResolvers<void>();
    /** Two minutes pass when the test says so. */
    const clock: Clock = {
      ...nodeClock,
      sleep: (duration, signal) => (duration === 120_000 ? abandoned.promise : nodeClock.sleep(duration, signal)),
    };
    await home.host(own, { clock });
    const raw = await home.raw(own);
    raw.say({ kind: 'request', id: 1, name: 'packages.upload', params: { name: 'a.bin', size: 9000 } });
    const { input } = await raw.lines.matching(/"id":1/);
    const { upload: id } = (JSON.parse(input) as { result: { upload: string } }).result;
    raw.say({ kind: 'request', id: 2, name: 'packages.piece', params: { upload: id, data: 'AAAA' } });
    await raw.lines.matching(/"received":3/);
    expect(unfinished(own)).toHaveLength(1);
    raw.hangUp();
    abandoned.resolve();
    await expect.poll(() => unfinished(own)).toEqual([]);
    const face = await home.face(own);
    const late = face.request('packages.finish', { upload: id }, QUIET);
    await expect(late).rejects.toMatchObject({ code: 'cache/upload-unknown' });
    expect((await face.request('packages.list', {}, QUIET)).packages).toEqual([]);
    const { used, packages } = await face.request('host.storage', {}, QUIET);
    expect([used, packages]).toEqual([0, 0]);
  });
});

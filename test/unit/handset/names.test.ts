import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { createHandsetRegistry } from '../../../src-main/handset/registry.ts';
import { scratch } from '../store/scratch.ts';

const files = scratch();
const clock: Pick<Clock, 'now'> = { now: () => new Date('2026-11-21T10:00:00Z') };
const ONE = 'IMEI:351234567890120';
const TWO = 'IMEI:351234567890138';

async function registry() {
  const told: string[] = [];
  const handsets = createHandsetRegistry({
    store: files.open(files.file()),
    clock,
    onChange: ({ device, alias }, how) => void told.push(`${how} ${device} ${alias ?? '-'}`),
    onGone: ({ device }) => void told.push(`gone ${device}`),
  });
  await handsets.met({ device: ONE, address: 'tcp:127.0.0.1:650' });
  await handsets.met({ device: TWO });
  told.splice(0);
  return { handsets, told };
}

describe('the name that a person gives a handset', () => {
  it('leads to it, and is taken away by an empty one', async () => {
    const { handsets, told } = await registry();
    expect(await handsets.rename(ONE, '  Annas Handy ')).toMatchObject({ device: ONE, alias: 'Annas Handy' });
    for (const name of ['annas handy', ' ANNAS HANDY ']) expect(handsets.named(name)?.device).toBe(ONE);
    expect(handsets.find('annas handy')).toBeUndefined();
    await handsets.met({ device: ONE });
    expect(handsets.find(ONE)?.alias).toBe('Annas Handy');
    expect((await handsets.rename(ONE, '')).alias).toBeUndefined();
    expect(handsets.named('annas handy')).toBeUndefined();
    expect(told).toEqual([`renamed ${ONE} Annas Handy`, `met ${ONE} Annas Handy`, `renamed ${ONE} -`]);
  });

  it.each(['ÜBUNG', 'übung', '351234567890138'])('is no name of another handset (%s)', async (alias) => {
    const { handsets } = await registry();
    await handsets.rename(TWO, 'Übung');
    await expect(handsets.rename(ONE, alias)).rejects.toMatchObject({ code: 'handset/alias-taken' });
    expect(handsets.find(ONE)?.alias).toBeUndefined();
    expect((await handsets.rename(TWO, 'ÜBUNG')).alias).toBe('ÜBUNG');
  });

  it.each([
    'a:b',
    TWO,
    'imei:351234567890138',
    'IMEI:351234567890146',
    'a\nb',
    'a\u0000',
    'a\u202Eb',
    'a\u2028b',
    'x'.repeat(61),
  ])('can be read as it is (%j)', async (alias) => {
    const { handsets } = await registry();
    await expect(handsets.rename(ONE, alias)).rejects.toMatchObject({ code: 'handset/alias-invalid' });
  });

  it('leads to it in any writing of its letters', async () => {
    const { handsets } = await registry();
    await handsets.rename(TWO, 'Übung');
    for (const name of ['übung', 'ÜBUNG', 'U\u0308bung']) expect(handsets.named(name)?.device).toBe(TWO);
  });

  it('is not taken by a handset that says the same of itself: who is meant is not known any more', async () => {
    const { handsets } = await registry();
    await handsets.rename(ONE, 'Anna');
    await handsets.rename(TWO, '351234567890146');
    for (const device of ['Anna', 'IMEI:351234567890146']) await handsets.met({ device });
    for (const name of ['anna', 'Anna', '351234567890146']) {
      expect(() => handsets.named(name)).toThrow(expect.objectContaining({ code: 'handset/name-ambiguous' }));
    }
    expect(handsets.named('IMEI:351234567890146')?.device).toBe('IMEI:351234567890146');
    expect(handsets.find('Anna')?.device).toBe('Anna');
  });

  it('is not needed where the whole DevId is said, whoever has one that is like it', async () => {
    const { handsets } = await registry();
    for (const device of [`urn:${ONE}`, 'Ünit', 'ünit']) await handsets.met({ device });
    for (const device of [ONE, `urn:${ONE}`, 'Ünit', 'ünit']) expect(handsets.named(device)?.device).toBe(device);
  });

  it('is for handsets that are known', async () => {
    const { handsets } = await registry();
    await expect(handsets.rename('IMEI:1', 'x')).rejects.toMatchObject({ code: 'handset/unknown' });
  });
});

describe('a handset that is forgotten', () => {
  it('is off the list with its name, and new when it is met again', async () => {
    const { handsets, told } = await registry();
    await handsets.rename(ONE, 'Anna');
    expect((await handsets.forget(ONE)).alias).toBe('Anna');
    expect(handsets.list().map(({ device }) => device)).toEqual([TWO]);
    await expect(handsets.forget(ONE)).rejects.toMatchObject({ code: 'handset/unknown' });
    expect((await handsets.met({ device: ONE })).alias).toBeUndefined();
    expect((await handsets.rename(TWO, 'Anna')).alias).toBe('Anna');
    expect(told).toContain(`gone ${ONE}`);
  });
});

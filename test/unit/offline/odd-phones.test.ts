/** The PC's own server installs on handsets that are odd. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PROFILES } from '../../../src-main/virtual/handset/profiles.ts';
import { DEVICE, installed, plugIn, startBench } from './bench.ts';

describe('the own server and odd handsets', () => {
  it.each(PROFILES)('installs on $name after a challenge', async (profile) => {
    const bench = startBench();
    const { handset, events } = await plugIn(bench.bearer, { profile });
    await bench.nonces.keep(DEVICE, 'pc-agent', { client: utf8('stale'), server: utf8('nonce') });
    const { session, jobs } = await bench.install();
    expect(session).toMatchObject({ ok: true, device: DEVICE });
    expect(session.facts?.devInfo.get('./DevInfo/Mod')).toBe('V1');
    expect(jobs).toMatchObject([{ state: 'done', resultCode: 1200 }]);
    expect(installed(handset)).toEqual(['2.0']);
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
  });
});

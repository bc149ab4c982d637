import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { MessageLink } from '../../../src-main/link/message-link.ts';
import { connect } from '../../../src-main/management-server/manage-handset.ts';
import { STANDARD } from '../../../src-main/virtual/handset/profiles.ts';
import { alert, dmMessage, envelope } from '../dm-watcher/messages.ts';
import { DEVICE, installed, plugIn, shelf, startBench } from '../offline/bench.ts';

const KEEPER = { ...STANDARD, keepsSession: true };
const GAME = 'com.example.game';
/** Several messages long. */
const CONTENT = new Uint8Array(6000).map((_, index) => index);

/** An installation over a cable that is pulled when so many bytes have gone by, each time that it is put back. */
async function installOver(length: string, mayReopen = true, strange?: MessageLink) {
  const bench = startBench();
  const faults = [{ name: 'cable-at-byte', value: length }];
  const phone = await plugIn(bench.bearer, { profile: KEEPER, maxMessage: 1500, faults });
  const { signal } = new AbortController();
  const losses: string[] = [];
  let wentOn = 0;
  const { session, jobs } = await bench.work([{}], shelf({ id: GAME, bytes: CONTENT }).source, {
    reopen: async (loss, { device, facts }) => {
      losses.push(loss.code);
      expect(device).toBe(DEVICE);
      if (!mayReopen) return undefined;
      if (strange !== undefined) return { link: strange, wentOn: () => (wentOn += 1) };
      expect(facts === undefined || facts.devInfo.get('./DevInfo/Man') === 'PC Agent').toBe(true);
      return {
        link: await connect({ signal }, { bearer: bench.bearer, address: bench.bearer.parse('memory:phone') }),
        wentOn: () => (wentOn += 1),
      };
    },
  });
  const begun = phone.events.filter((event) => event.type === 'session' && event.state === 'started');
  return { ...bench, phone, session, jobs, losses, wentOn: () => wentOn, begun: begun.length };
}

/** Digests of what was said, in its order; what was said twice counts once. */
function said(events: readonly UntimedEvent[], direction: string): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'message' && event.direction === direction && event.package !== 0 && event.repeated !== true
      ? [event.sha256]
      : [],
  );
}

describe('a handset that keeps its session', () => {
  it('goes on with it wherever in a packet the cable is pulled, and does each thing once', async () => {
    let most = 0;
    for (let length = 3600; length < 6000; length += 149) {
      const { phone, session, jobs, losses, wentOn, events, begun } = await installOver(String(length));
      const where = `after ${length} bytes`;
      expect(session, where).toMatchObject({ ok: true });
      expect(jobs, where).toMatchObject([{ state: 'done', resultCode: 1200 }]);
      expect(installed(phone.handset), where).toEqual(['2.0']);
      expect(begun, where).toBe(1);
      expect(wentOn(), where).toBeGreaterThan(0);
      for (const direction of ['to-dms', 'to-handset']) {
        expect(said(phone.events, direction), `${where} ${direction}`).toEqual(said(events, direction));
      }
      most = Math.max(most, losses.length);
    }
    expect(most).toBeGreaterThan(3);
  });

  it('gives it up for the next one, in which its part of an object is not kept', async () => {
    const { phone, session, bench } = await installOver('5000', false).then((each) => ({ ...each, bench: each }));
    expect(session).toMatchObject({ ok: false, code: 'bearer/lost' });
    phone.handset.faults.clear('cable-at-byte');
    const again = await bench.work([{}], shelf({ id: GAME, bytes: CONTENT }).source);
    expect(again.session).toMatchObject({ ok: true });
    expect(installed(phone.handset)).toEqual(['2.0']);
    const ends = phone.events.flatMap((event) =>
      event.type === 'session' && event.state !== 'started' && event.state !== 'running' ? [event.state] : [],
    );
    expect(ends).toEqual(['failed', 'done']);
  });

  it.each([
    ['refuses what is repeated', new PcAgentError('obex/response', 'refused'), DEVICE, 'bearer/lost'],
    ['begins a session of its own', undefined, DEVICE, 'bearer/lost'],
    ['is another one', undefined, 'IMEI:490154203237518', 'dm/other-handset'],
  ])('has not kept it, or is not the one that was meant, when it %s', async (_what, refusal, uri, code) => {
    const own = dmMessage({
      ...{ from: 'handset', msgId: 1, commands: [alert('1', 1201)] },
      header: { sessionId: 'FF', source: { uri } },
    });
    const said: string[] = [];
    const link: MessageLink = {
      send: async () => {
        said.push('heard');
        if (refusal !== undefined) throw refusal;
      },
      receive: async () => envelope(own),
      close: async () => void said.push('closed'),
    };
    const { session, wentOn } = await installOver('5000', true, link);
    expect([session.code, session.device, wentOn(), said]).toEqual([code, DEVICE, 0, ['heard', 'closed']]);
  });
});

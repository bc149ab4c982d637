import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import { KeyedLock } from '../../../src-main/cache/keyed-lock.ts';
import { dmsProfile } from '../../../src-main/dms/profile.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import type { Engine } from '../../../src-main/operations/engine.ts';
import { RelayedLine } from '../../../src-main/operations/relayed-line.ts';
import { ownNotifications } from '../../../src-main/relay/own-notification.ts';
import type { RelayOutcome } from '../../../src-main/relay/relay-outcome.ts';
import { ACCOUNT, DEVICE, dialledSo, plugIn } from '../offline/bench.ts';

const [CABLE, LINE, PORT] = ['tcp:127.0.0.1:1', 'tcp:127.0.0.1:2', 'tcp:127.0.0.1:3'];
const nothing = () => undefined;

/** The way to the handset that is meant, which is at `CABLE` as far as anybody knows. */
function lineTo(device: string, bearer: Bearer, engine: object): RelayedLine {
  const always = {
    clock: nodeClock,
    turns: new KeyedLock(),
    bearers: { for: () => bearer },
    keepsSession: () => false,
  };
  return new RelayedLine(
    { ...always, ...engine } as unknown as Engine,
    {
      profile: dmsProfile(new URL('http://127.0.0.1:9/dm')),
      device,
      place: { bearer, address: bearer.parse(CABLE), device },
    },
    {
      signal: new AbortController().signal,
      emit: nothing,
      audience: { begun: nothing, message: nothing, compared: nothing, ended: nothing },
    },
  );
}

describe('a relayed session that is to go on over another way', () => {
  it('is tried elsewhere when nobody is there any more at its beginning', async () => {
    const memory = createMemoryBearer();
    const phone = await plugIn(memory, { faults: [{ name: 'ignore-notification' }] });
    const dialled: string[] = [];
    const bearer = dialledSo(async ({ text }, how) => {
      dialled.push(text);
      // Its line is there when it is looked for, and gone when the session begins.
      if (text === LINE && dialled.length > 1) throw new PcAgentError('bearer/unavailable', 'not there');
      return memory.dial(memory.parse(phone.address), how);
    });
    const ways = [CABLE, LINE, PORT].map((address) => ({ address, kind: 'tcp', confidence: 'strong' }));
    const ends: (string | undefined)[] = [];
    const agent = createHttpAgent();
    const line = lineTo(DEVICE, bearer, {
      agent,
      ledger: createMemoryLedger(),
      handsets: { find: () => ({ device: DEVICE, ways }), met: async () => undefined },
      journal: {
        sessionStarted: () => ({
          ...{ number: 1, message: nothing },
          sessionEnded: ({ code }: { readonly code?: string }) => ends.push(code),
        }),
      },
    });
    const lost = { state: 'failed', code: 'bearer/lost', messages: { toDms: 9, toHandset: 9 }, cancelled: false };
    expect(await line.goesOn(lost as unknown as RelayOutcome)).toBe(true);
    const outcome = await line.relay(new Uint8Array(40));
    expect(outcome).toMatchObject({ code: 'relay/notification-ignored' });
    expect(dialled).toEqual([LINE, LINE, PORT, PORT]);
    expect(ends).toEqual(['bearer/unavailable', 'relay/notification-ignored']);
    // Nothing was heard of it over any way: there is none left.
    expect(await line.goesOn({ ...outcome, ...lost, code: 'obex/response' } as unknown as RelayOutcome)).toBe(false);
    await agent.close();
  });
});

describe('a relayed session with whoever is at an address', () => {
  it('is nobody’s but that of the handset that was meant, and the other is not taken for it', async () => {
    const memory = createMemoryBearer();
    const phone = await plugIn(memory, { laxNotification: true });
    const bearer = dialledSo((_address, how) => memory.dial(memory.parse(phone.address), how));
    const met: unknown[] = [];
    const agent = createHttpAgent();
    const ledger = createMemoryLedger();
    const other = 'IMEI:490154203237518';
    const line = lineTo(other, bearer, {
      ...{ agent, ledger },
      handsets: { find: () => undefined, met: async (meeting: unknown) => void met.push(meeting) },
      journal: { sessionStarted: () => ({ number: 1, message: nothing, sessionEnded: nothing }) },
    });
    const [notification = new Uint8Array()] = ownNotifications(
      { serverId: ACCOUNT.serverId, password: ACCOUNT.serverPassword },
      { digest: nodeDigest, random: nodeRandom },
    );
    const outcome = await line.relay(notification);
    expect(outcome).toMatchObject({ state: 'failed', code: 'dm/other-handset', messages: { toDms: 0 } });
    expect(await line.goesOn(outcome)).toBe(false);
    expect([met, ledger.entries()]).toEqual([[], []]);
    await agent.close();
  });
});

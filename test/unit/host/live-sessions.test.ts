import { describe, expect, it } from 'vitest';
import { liveRig, row } from './live-rig.ts';

describe('live sessions', () => {
  it('are there from the moment they begin, connecting and safe', () => {
    const { live, told, changes } = liveRig();
    live.begun(row('7'));
    expect(changes).toContainEqual({ kind: 'journal', journal: 1 });
    expect(told('7')).toMatchObject([{ key: '7', phase: 'connecting', unplug: 'safe', evidence: { equal: null } }]);
    expect(live.state.sessions).toHaveLength(1);
  });

  it('that are over make room when many messages are in memory, the oldest first', () => {
    const { live, say } = liveRig();
    for (let key = 1; key <= 7; key += 1) {
      live.begun(row(String(key)));
      for (let count = 0; count < 10_000; count += 1) say(String(key), 'to-dms', '');
      live.ended(String(key), { state: 'done' });
    }
    expect(live.state.sessions.map(({ key }) => key)).toEqual(['3', '4', '5', '6', '7']);
  });

  it('tell a phase, an end and a change on the cable at once, and mere numbers ten times a second', async () => {
    const { live, told, say, clock } = liveRig();
    live.begun(row('1'));
    told('1');
    for (let count = 0; count < 20; count += 1) say('1', 'to-dms');
    expect(told('1')).toEqual([]);
    live.event({ type: 'phase', session: 'A1', key: '1', phase: 'installing', unplug: 'unsafe' });
    expect(told('1')).toMatchObject([{ phase: 'installing', unplug: 'unsafe', toDms: { messages: 20, bytes: 80 } }]);
    say('1', 'to-handset');
    say('1', 'to-handset');
    expect(told('1')).toEqual([]);
    await clock.pass(100);
    expect(told('1')).toMatchObject([{ sessionId: 'A1', toHandset: { messages: 2, bytes: 8 } }]);
    await clock.pass(100);
    expect(told('1')).toEqual([]);
    live.ended('1', { state: 'failed', code: 'bearer/lost', device: 'IMEI:1' });
    expect(told('1')).toMatchObject([
      { state: 'failed', code: 'bearer/lost', phase: 'over', unplug: 'safe', device: 'IMEI:1' },
    ]);
  });

  it('are at the way that they go on over from the moment they do', () => {
    const { live, told } = liveRig();
    live.begun({ ...row('1'), handset: 'serial:/dev/ttyACM0' });
    told('1');
    const ways = { from: 'serial:/dev/ttyACM0', over: 'http://192.168.42.2/' };
    live.event({ type: 'continuation', session: 'A1', key: '1', code: 'bearer/lost', ...ways, how: 'repeated' });
    expect(told('1')).toMatchObject([{ handset: 'http://192.168.42.2/' }]);
    live.ended('1', { state: 'done' });
    live.event({
      type: 'continuation',
      session: 'A1',
      key: '1',
      code: 'bearer/lost',
      ...ways,
      over: 'usb:1',
      how: 'repeated',
    });
    expect(told('1')).toMatchObject([{ handset: 'http://192.168.42.2/' }]);
  });

  it('are not over by a try that another one follows', () => {
    const { live, told } = liveRig();
    live.begun(row('1'));
    live.event({ type: 'session', id: 'A1', key: '1', handset: 'h', dms: 'd', state: 'failed' });
    live.event({ type: 'session', id: 'B2', key: '1', handset: 'h', dms: 'd', state: 'running' });
    expect(told('1').map(({ state }) => state)).toEqual(['started', 'running']);
    expect(live.get('1')?.row.sessionId).toBe('B2');
  });

  it.each([
    ['the handset in a relay that waits for its answer', 'relay', 'to-handset', 'delivering', 'handset'],
    ['the DM server in a relay that has passed a message on', 'relay', 'to-dms', 'reading', 'dms'],
    ['the person who is asked', 'relay', 'to-dms', 'asking', 'person'],
    ['the handset of the own server', 'management-server', 'to-dms', 'reading', 'handset'],
  ] as const)('say when they wait for %s, and since when', async (_what, kind, way, phase, waitingFor) => {
    const { live, told, say, clock } = liveRig();
    live.begun(row('1', { kind }));
    await clock.pass(500);
    live.event({ type: 'phase', session: 'A1', key: '1', phase, unplug: 'safe' });
    say('1', way);
    await clock.pass(4400);
    expect(told('1').at(-1)?.stalled).toBeUndefined();
    await clock.pass(1200);
    expect(told('1').at(-1)?.stalled).toEqual({ since: '2026-01-01T00:00:00.500Z', waitingFor });
    say('1', 'to-handset');
    expect(told('1').at(-1)).not.toHaveProperty('stalled');
  });

  it('say how fast and how long only when they can', async () => {
    const { live, progress, clock } = liveRig();
    const transfer = () => live.get('1')?.row.transfer;
    live.begun(row('1'));
    expect(transfer()).toBeUndefined();
    progress('1', 0, 10_000);
    await clock.pass(900);
    progress('1', 900, 10_000);
    await clock.pass(50);
    progress('1', 950, 10_000);
    expect(transfer()).toEqual({ done: 950, total: 10_000 });
    await clock.pass(50);
    progress('1', 1000, 10_000);
    expect(transfer()).toEqual({ done: 1000, total: 10_000, rate: 1000, remaining: 9 });
    await clock.pass(6000);
    expect(transfer()).toEqual({ done: 1000, total: 10_000 });
  });

  it('begin to measure anew with another object', async () => {
    const { live, progress, clock } = liveRig();
    live.begun(row('1'));
    for (let second = 1; second <= 3; second += 1) {
      await clock.pass(1000);
      progress('1', second, 3);
    }
    expect(live.get('1')?.row.transfer).toEqual({ done: 3, total: 3, rate: 1, remaining: 0 });
    progress('1', 1, 3);
    expect(live.get('1')?.row.transfer).toEqual({ done: 1, total: 3 });
  });

  it('count what was compared, and one difference is enough', () => {
    const { live } = liveRig();
    live.begun(row('1'));
    live.compared('1', true);
    expect(live.get('1')?.row.evidence).toEqual({ by: 'agent', compared: 1, equal: true });
    live.compared('1', false);
    live.compared('1', true);
    expect(live.get('1')?.row.evidence).toEqual({ by: 'agent', compared: 3, equal: false });
    live.proven('1', { by: 'ends', compared: 26, equal: true });
    live.compared('1', false);
    expect(live.get('1')?.row.evidence).toEqual({ by: 'ends', compared: 26, equal: true });
  });

  it('have no evidence where nothing is relayed', () => {
    const { live } = liveRig();
    live.begun(row('1', { kind: 'management-server' }));
    expect(live.get('1')?.row).not.toHaveProperty('evidence');
  });

  it('keep the last hundred that are over, and those that are not', () => {
    const { live, changes, told } = liveRig();
    live.begun(row('open'));
    for (let key = 1; key <= 101; key += 1) {
      live.begun(row(String(key)));
      live.ended(String(key), { state: 'done' });
    }
    expect(changes).toContainEqual({ kind: 'session-gone', key: '1' });
    told('open');
    expect(live.state.sessions).toHaveLength(101);
    expect(live.get('open')).toBeDefined();
    expect(live.get('1')).toBeUndefined();
  });

  it("keep the demo's out of the journal's number", () => {
    const { live, changes } = liveRig();
    live.begun(row('demo-1'));
    live.ended('demo-1', { state: 'done' });
    expect(changes.map(({ kind }) => kind)).toEqual(['session', 'session']);
  });

  it('show a message with its secrets masked, from a copy of its bytes', () => {
    const { live } = liveRig();
    live.begun(row('1'));
    const body = new TextEncoder().encode('something');
    live.message('1', { contentType: 'text/plain', body }, 'to-dms', {
      ...{ readable: false, sessionId: '', msgId: -1, package: -1, final: false, source: '', target: '' },
      ...{ credentials: 'none', commands: [] },
    });
    body.fill(0);
    expect(live.get('1')?.messages).toMatchObject([
      { number: 1, msgId: -1, bytes: 9, sha256: '3fc9b689459d738f8c88a3a48aa9e33542016b7a4052e001aaa536fca74813cb' },
    ]);
    // It cannot be read, so nothing of it is shown.
    expect(live.detail('1', 1)?.hex).not.toContain('73');
    expect(live.detail('1', 2)).toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import { callerLine, listenerLine } from '../../../src-main/cli/listening-lines.ts';
import type { CallerView, ListenerView } from '../../../src-main/contract/listening.ts';

const NOW = new Date('2026-11-21T10:00:00.123Z');
const CALLER: CallerView = {
  ...{ id: '4', kind: 'bluetooth', device: 'IMEI:004999010640000', from: 'bluetooth:00:11:22:AA:BB:CC' },
  ...{ manufacturer: 'Norva', model: 'N7', known: false, virtual: false, state: 'asking' },
  ...{ calledAt: NOW.toISOString(), until: '2026-11-21T10:00:59.456Z', wants: 'obex:pc-agent' },
};
const WAY: ListenerView = { kind: 'tcp', state: 'waiting', sessions: 0, since: NOW.toISOString() };

it('tells of who is held how long it still waits, and names a server only where it has an address', () => {
  const who = 'IMEI:004999010640000  Norva N7  by bluetooth from bluetooth:00:11:22:AA:BB:CC';
  expect(callerLine(CALLER, NOW)).toBe(`4  asking  ${who}  1 min left`);
  const { until: _, ...kept } = CALLER;
  const line = callerLine({ ...kept, state: 'accepted', wants: 'http://dm.example.com/dm' }, NOW);
  expect(line).toContain('  wants http://dm.example.com/dm  called 21 Nov 2026, ');
  expect(line).not.toMatch(/\.123|Z$/);
});

it('says of a way in that only a host which lasts can open how to start one', () => {
  const message = 'handsets are let in as long as PC Agent runs, and now only a command does';
  expect(listenerLine({ ...WAY, wanted: '127.0.0.1:0', reason: 'listening/no-host', message })).toBe(
    'tcp  not open  127.0.0.1:0  no PC Agent runs here; start it with pc-agent serve',
  );
  expect(listenerLine({ ...WAY, reason: 'listening/failed', message: 'EADDRINUSE' })).toBe(
    'tcp  not open  EADDRINUSE (listening/failed)',
  );
});

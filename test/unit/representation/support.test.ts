import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src-main/base/element.ts';
import type { WantedCommand } from '../../../src-main/dm/server/work.ts';
import { byHand, clientOf, converse, DEVICE, gist, SERVER, serverOf, TestDevice } from '../../support/dm-pair.ts';
import { grandTour } from '../../support/grand-tour.ts';

const TOURS = [grandTour('xml'), grandTour('wbxml')];

/** Names of the elements in what one side sent. */
function sentBy(side: 'client' | 'server'): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (element: Element): void => {
    names.add(element.name);
    element.children.forEach(visit);
  };
  for (const { roots } of TOURS)
    roots.filter((_root, index) => (index % 2 === 0) === (side === 'client')).forEach(visit);
  return names;
}

const CLIENT = sentBy('client');
const SERVER_SIDE = sentBy('server');

describe('the elements that both sides must send and take', () => {
  it('the tour ends well on both sides', () => {
    for (const { client, server } of TOURS) expect([client, server]).toEqual([{ ok: true }, { ok: true }]);
  });

  it.each([
    'Chal',
    'Cmd',
    'CmdID',
    'CmdRef',
    'Cred',
    'Final',
    'LocName',
    'LocURI',
    'MsgID',
    'MsgRef',
    'SessionID',
    'Source',
    'SourceRef',
    'Target',
    'TargetRef',
    'VerDTD',
    'VerProto',
  ])('[REP-5-01] %s', (name) => {
    expect([CLIENT.has(name), SERVER_SIDE.has(name)]).toEqual([true, true]);
  });

  it('[REP-5-02] MoreData, in both directions', () => {
    expect([CLIENT.has('MoreData'), SERVER_SIDE.has('MoreData')]).toEqual([true, true]);
    for (const { reports } of TOURS) {
      expect(reports[1]?.reports.map(({ code }) => code)).toEqual([200, 200]);
      expect(reports[1]?.reports[1]?.results[0]?.data).toHaveLength(3000);
    }
  });

  it('[REP-5-03] RespURI, which our server may send and each side takes', () => {
    expect(SERVER_SIDE.has('RespURI')).toBe(true);
    for (const { messages } of TOURS) {
      expect(messages[2]?.header.target.uri).toBe('http://dms.example/dm?s=1');
    }
    const { session } = serverOf([]);
    session.receive(
      byHand('<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>', {
        header: '<RespURI>IMEI:9</RespURI>',
        source: DEVICE,
        target: SERVER,
      }),
    );
    expect(session.wire.target).toBe('IMEI:9');
  });

  it.each(['SyncML', 'SyncHdr', 'SyncBody', 'Data', 'Item', 'Meta', 'Status'])('[REP-5-04] %s', (name) => {
    expect([CLIENT.has(name), SERVER_SIDE.has(name)]).toEqual([true, true]);
  });

  it('[REP-5-05] Correlator, which the server sends with Exec and the client gives back', () => {
    expect([CLIENT.has('Correlator'), SERVER_SIDE.has('Correlator')]).toEqual([true, true]);
  });

  it.each(['Format', 'Type', 'Size', 'MaxMsgSize', 'MaxObjSize', 'NextNonce'])('[REP-4-18] %s of MetInf', (name) => {
    expect([CLIENT.has(name), SERVER_SIDE.has(name)]).toEqual([true, true]);
  });
});

describe('the commands', () => {
  it.each(['Add', 'Delete', 'Get', 'Replace', 'Sequence'])(
    '[REP-5-06] %s is sent by the server and carried out by the client',
    (name) => {
      expect(SERVER_SIDE.has(name)).toBe(true);
      for (const { messages } of TOURS) {
        const codes = messages.flatMap(({ commands }) =>
          commands.flatMap((found) => (found.kind === 'Status' && found.cmd === name ? [found.code] : [])),
        );
        expect(codes).toContain(200);
        expect(codes.every((code) => code !== 406 && code !== 501)).toBe(true);
      }
    },
  );

  const chr = { format: 'chr', type: 'text/plain' };
  const OPTIONAL: readonly (readonly [string, WantedCommand])[] = [
    [
      'REP-5-07] Atomic',
      {
        kind: 'Atomic',
        commands: [{ kind: 'Replace', cmdId: '', items: [{ target: { uri: './a' }, meta: chr, data: 'x' }] }],
      },
    ],
    ['REP-5-08] Copy', { kind: 'Copy', items: [{ target: { uri: './bag/c' }, source: { uri: './a' } }] }],
    ['REP-5-08] Exec', { kind: 'Exec', items: [{ target: { uri: './now' } }] }],
  ];
  it.each(OPTIONAL)('[%s is sent by the server and carried out by the client', (_name, wanted) => {
    for (const encoding of ['xml', 'wbxml'] as const) {
      const { session, reports } = serverOf([[wanted]], { encoding });
      const talk = converse(clientOf(new TestDevice(), { encoding }), session);
      expect([talk.client, talk.server]).toEqual([{ ok: true }, { ok: true }]);
      expect(reports[0]?.reports.map(({ code }) => code)).toEqual([200]);
    }
  });

  it('[REP-5-09] Alert and Results are sent by the client and taken by the server; it takes nothing else but DevInfo', () => {
    expect([CLIENT.has('Alert'), CLIENT.has('Results')]).toEqual([true, true]);
    for (const name of ['Add', 'Delete', 'Get', 'Copy', 'Exec', 'Atomic', 'Sequence']) {
      expect(CLIENT.has(name), name).toBe(false);
      const { session } = serverOf([]);
      const body = `<Alert><CmdID>1</CmdID><Data>1201</Data></Alert><${name}><CmdID>2</CmdID></${name}>`;
      expect(gist(session.receive(byHand(body, { source: DEVICE, target: SERVER })).send)).toContain(
        `Status 1/2 ${name} 405`,
      );
    }
  });
});

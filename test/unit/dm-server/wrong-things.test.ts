/** What is wrong with a message, and what is only unusual (spec sheet dm-protocol, sections 11 and 12). */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { resolveRespUri } from '../../../src-main/dm/resp-uri.ts';
import type { WantedCommand } from '../../../src-main/dm/server/work.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import {
  byHand,
  clientOf,
  DEVICE,
  gist,
  type HandMade,
  proverOf,
  readEnvelope,
  SERVER,
  statusesOf,
  statusXml,
  TestDevice,
  verifierOf,
  XML_TYPE,
} from '../../support/dm-pair.ts';
import {
  add,
  DEV_INFO_XML,
  eventXml,
  get,
  itemXml,
  limitsXml,
  PACKAGE_1,
  RIGHT_CRED,
  resultsXml,
  rigOf,
} from './server-rig.ts';

/** A client of ours that has sent package 1, and what it says to this. */
function clientHears(options: HandMade, body?: string): { readonly step: DmStep; readonly device: TestDevice } {
  const device = new TestDevice();
  const client = clientOf(device);
  client.start();
  const exec = '<Exec><CmdID>4</CmdID><Item><Target><LocURI>./now</LocURI></Target></Item></Exec>';
  const first =
    statusXml(1, 1, 0, 'SyncHdr', 200) + statusXml(2, 1, 1, 'Alert', 200) + statusXml(3, 1, 2, 'Replace', 200);
  return { step: client.receive(byHand(body ?? first + exec, options)), device };
}

describe('a header that cannot be used', () => {
  const long = `<RespURI>http://dms.example/${'x'.repeat(2100)}</RespURI>`;
  const cases: readonly (readonly [string, HandMade, number, string, readonly unknown[]])[] = [
    ['[DMP-11-01] VerDTD 1.1', { verDtd: '1.1' }, 505, 'dm/version', [{ data: '1.2' }]],
    ['[DMP-11-01] VerProto DM/1.1', { verProto: 'DM/1.1' }, 513, 'dm/version', [{ data: 'DM/1.2' }]],
    ['[DMP-11-03] MaxMsgSize of no number', { header: limitsXml('4k') }, 412, 'dm/header-refused', []],
    ['[DMP-11-03] MaxObjSize of no number', { header: limitsXml(4096, '-1') }, 412, 'dm/header-refused', []],
    ['a RespURI without end', { header: long }, 414, 'dm/header-refused', []],
  ];
  it.each(cases)(
    '%s is answered by its code on both sides, and nothing is executed',
    (_name, options, status, code, items) => {
      const rig = rigOf([[get('./a')]]);
      const { header = '' } = options;
      const atServer = rig.say(PACKAGE_1, { ...options, header: header + RIGHT_CRED });
      expect(statusesOf(atServer.send)[0]).toMatchObject({ cmd: 'SyncHdr', code: status, items });
      expect(atServer.outcome).toMatchObject({ code, status });
      expect(rig.begun).toEqual([]);
      const { step, device } = clientHears(options);
      expect(statusesOf(step.send)).toMatchObject([{ cmd: 'SyncHdr', code: status, items }]);
      expect(step.outcome).toMatchObject({ code, status });
      expect(device.executed).toEqual([]);
    },
  );

  it('[DMP-11-04] with another device as Target is answered by 404; case and the prefix of the IMEI are no matter', () => {
    const wrong = clientHears({ target: 'IMEI:004999010640999' });
    expect(gist(wrong.step.send)).toEqual(['Status 1/0 SyncHdr 404', 'Final']);
    expect(wrong.step.outcome).toMatchObject({ code: 'dm/target-wrong', status: 404 });
    expect(wrong.device.executed).toEqual([]);
    for (const target of [DEVICE.toLowerCase(), DEVICE.slice(5), ` ${DEVICE} `]) {
      expect(clientHears({ target }).device.executed).toEqual(['now']);
    }
    // A server is called by many names: none of them is wrong.
    expect(rigOf([[get('./a')]]).say(PACKAGE_1, { target: 'anything' }).outcome).toBeUndefined();
  });

  it('[DMP-11-04] is right where its Target is the RespURI that the client gave', () => {
    const client = clientOf(new TestDevice(), { respUri: 'http://pc.example/in' });
    client.start();
    const first =
      statusXml(1, 1, 0, 'SyncHdr', 200) + statusXml(2, 1, 1, 'Alert', 200) + statusXml(3, 1, 2, 'Replace', 200);
    expect(client.receive(byHand(first, { target: 'http://pc.example/in' })).outcome).toEqual({ ok: true });
  });

  const framed = (header: string, rest = '<SyncBody><Final/></SyncBody>') => ({
    contentType: XML_TYPE,
    body: utf8(
      `<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1A2B</SessionID>${header}</SyncHdr>${rest}</SyncML>`,
    ),
  });
  const source = `<Source><LocURI>${DEVICE}</LocURI></Source>`;
  const target = `<Target><LocURI>${SERVER}</LocURI></Target>`;
  it.each([
    ['[DMP-11-03] no MsgID', framed(target + source), 412, 1],
    ['[DMP-11-03] a MsgID of no number', framed(`<MsgID>one</MsgID>${target}${source}`), 412, 1],
    ['[DMP-11-03] no Target', framed(`<MsgID>1</MsgID>${source}`), 412, 1],
    ['[DMP-11-03] a Target without an address', framed(`<MsgID>1</MsgID><Target/>${source}`), 412, 1],
    ['[DMP-11-02] no body', framed(`<MsgID>1</MsgID>${target}${source}`, ''), 400, 1],
  ])('%s is answered by %i', (_name, envelope, code, msgRef) => {
    const rig = rigOf([[get('./a')]]);
    const step = rig.raw(envelope as ReturnType<typeof framed>);
    expect(statusesOf(step.send)).toMatchObject([{ cmd: 'SyncHdr', code, msgRef, cmdRef: '0' }]);
    expect(readEnvelope(step.send).final).toBe(true);
    expect(step.outcome).toMatchObject({ ok: false, status: code });
    expect(rig.begun).toEqual([]);
  });

  it('[DMP-11-02] that cannot be read at all is left to the transport', () => {
    for (const text of ['<SyncML>', '', '<SyncML><SyncBody/></SyncML>']) {
      expect(() => rigOf([[get('./a')]]).raw({ contentType: XML_TYPE, body: utf8(text) })).toThrow();
    }
  });

  it('[DMP-11-05][DMP-7-17] of a message longer than we take is not read, at either side', () => {
    const filler = `<!--${'x'.repeat(65_000)}-->`;
    expect(() => rigOf([[get('./a')]]).say(filler)).toThrow(expect.objectContaining({ code: 'dm/message-too-large' }));
    expect(() => clientHears({}, filler)).toThrow(expect.objectContaining({ code: 'dm/message-too-large' }));
  });
});

describe('a Status that is missing', () => {
  it('[DMP-11-07] ends the session as not executed, and the command is not sent again', () => {
    const rig = rigOf([[get('./a'), { kind: 'Exec', items: [{ target: { uri: './now' } }] }], [get('./b')]]);
    rig.say(PACKAGE_1);
    const step = rig.say(statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 4, 'Get', 200));
    expect(step.outcome).toMatchObject({ ok: false, code: 'dm/status-missing' });
    expect(step.outcome?.message).toContain('Exec 5');
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 212', 'Alert 1223', 'Final']);
  });

  it('[DMP-11-07] is no fault where the Atomic or Sequence around it was refused', () => {
    const group = (kind: 'Atomic' | 'Sequence'): WantedCommand => ({
      kind,
      commands: [{ ...get('./a'), cmdId: '' } as never, { ...add('./b', 'x'), cmdId: '' } as never],
    });
    for (const kind of ['Atomic', 'Sequence'] as const) {
      const rig = rigOf([[group(kind)], [get('./next')]]);
      rig.say(PACKAGE_1);
      const step = rig.say(statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 4, kind, 406));
      expect(gist(step.send)).toContain('Get ./next=no long');
      expect(rig.reports[0]?.reports[0]).toMatchObject({ code: 406, children: [{ code: 0 }, { code: 0 }] });
    }
    const begun = rigOf([[group('Sequence')]]);
    begun.say(PACKAGE_1);
    const half = begun.say(statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 4, 'Sequence', 200));
    expect(half.outcome).toMatchObject({ code: 'dm/status-missing' });
  });
});

describe('what is only unusual', () => {
  it.each(['1A2B', '6699', '12345'])('[DMP-12-01] SessionID %s', (session) => {
    const rig = rigOf([[get('./a')]], { sessionId: session });
    expect(rig.say(PACKAGE_1, { session }).outcome).toBeUndefined();
    expect(rig.last().header.sessionId).toBe(session);
  });

  it('[DMP-12-03] numbers with blanks, NUL and zeros around them, and gaps between them', () => {
    const rig = rigOf([[get('./a'), get('./b')], [get('./c')]]);
    rig.say(PACKAGE_1.replaceAll('<CmdID>1<', '<CmdID> 07 <').replaceAll('<CmdID>2<', '<CmdID>500<'), { msgId: 10 });
    const status = (msgRef: string, cmdRef: string, cmd: string) =>
      `<Status><CmdID>9</CmdID><MsgRef>${msgRef}</MsgRef><CmdRef>${cmdRef}</CmdRef><Cmd>${cmd}</Cmd><Data> 0200 </Data></Status>`;
    const results = resultsXml(1, 4, itemXml('./a', 'A')).replace('<CmdRef>4<', '<CmdRef> 004 <');
    const step = rig.say(
      status(' 01 ', ' 00 ', 'SyncHdr') + status('1', ' 04', 'Get') + status('001', '5 ', 'Get') + results,
      { msgId: 13 },
    );
    expect(gist(step.send)).toContain('Get ./c=no long');
    expect(rig.reports[0]?.reports.map(({ code, results: items }) => [code, items[0]?.data])).toEqual([
      [200, 'A'],
      [200, undefined],
    ]);
  });

  it('[DMP-12-04] the Status of the header last and without CmdRef; ours is first', () => {
    const rig = rigOf([[get('./a')], [get('./b')]]);
    rig.say(PACKAGE_1);
    const header = statusXml(9, 1, 0, 'SyncHdr', 212).replace('<CmdRef>0</CmdRef>', '');
    const step = rig.say(eventXml(7, 1226) + statusXml(2, 1, 4, 'Get', 200) + header);
    expect(gist(step.send)).toEqual(['Status 2/0 SyncHdr 212', 'Status 2/7 Alert 200', 'Get ./b=no long', 'Final']);
  });

  it('[DMP-12-05] a Status an item with its reference, where the codes differ, both ways', () => {
    const item = (uri: string) => `<Item><Source><LocURI>${uri}</LocURI></Source><Data>x</Data></Item>`;
    const replace = (...uris: readonly string[]) => `<Replace><CmdID>2</CmdID>${uris.map(item).join('')}</Replace>`;
    const alert = '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>';
    const statuses = (body: string) =>
      statusesOf(rigOf([[get('./a')]]).say(alert + body).send)
        .filter(({ cmd }) => cmd === 'Replace')
        .map(({ code, sourceRefs }) => [code, ...sourceRefs]);
    expect(statuses(replace('./DevInfo/Man', './DevInfo/Mod'))).toEqual([[200]]);
    expect(statuses(replace('./DevInfo/Man', './Vendor/x'))).toEqual([
      [200, './DevInfo/Man'],
      [405, './Vendor/x'],
    ]);
    const rig = rigOf([[get('./a', './b')]]);
    rig.say(PACKAGE_1);
    const ref = (uri: string) => `<TargetRef>${uri}</TargetRef>`;
    rig.say(
      statusXml(1, 1, 0, 'SyncHdr', 212) +
        statusXml(2, 1, 4, 'Get', 200, ref('./a')) +
        statusXml(3, 1, 4, 'Get', 404, ref('./b')),
    );
    expect(rig.reports[0]?.reports[0]).toMatchObject({
      code: 404,
      statuses: [
        { code: 200, targetRefs: ['./a'] },
        { code: 404, targetRefs: ['./b'] },
      ],
    });
  });

  it.each(['', '<TargetRef>./a</TargetRef>', '<TargetRef>./other</TargetRef><SourceRef>./x</SourceRef>'])(
    '[DMP-12-06] a Status of a single item with the references %j before its Data',
    (refs) => {
      const rig = rigOf([[get('./a')], [get('./b')]]);
      rig.say(PACKAGE_1);
      rig.say(statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 4, 'Get', 202, refs));
      expect(rig.reports[0]?.reports[0]?.code).toBe(202);
    },
  );

  it('[DMP-12-07] LocName in the first message alone', () => {
    const client = clientOf(new TestDevice(), { prover: proverOf('md5', 'handset', 'secret') });
    const rig = rigOf([[get('./a')], [get('./b')]], { verifier: verifierOf('md5', 'handset', 'secret') });
    rig.raw(client.start());
    expect(rig.session.wire.verifier.user).toBe('handset');
    const step = rig.say(rig.answers(), { msgId: 2, header: '' });
    expect(gist(step.send)).toContain('Get ./b=no long');
    expect(rig.session.wire.verifier.user).toBe('handset');
  });

  it.each([
    ['http://other.example/x;jsessionid=1', 'http://other.example/x;jsessionid=1'],
    ['/dm;jsessionid=A1?x=1', 'http://dms.example/dm;jsessionid=A1?x=1'],
    ['next', 'http://dms.example/a/next'],
    ['../up/./here', 'http://dms.example/up/here'],
    ['../../..', 'http://dms.example/'],
    ['?s=1', 'http://dms.example/a/dm;s=0?s=1'],
    ['//cdn.example/dm', 'http://cdn.example/dm'],
    ['', 'http://dms.example/a/dm;s=0'],
  ])('[DMP-12-08] RespURI %j leads from http://dms.example/a/dm;s=0?q to %s', (respUri, address) => {
    expect(resolveRespUri('http://dms.example/a/dm;s=0?q', respUri)).toBe(address);
  });

  it('[DMP-12-08] RespURI is the Target of what follows, relative ones against the last', () => {
    const rig = rigOf([[get('./a')], [get('./b')], [get('./c')]], { peer: { uri: 'http://handset.example/in' } });
    const at = (respUri: string) => `<RespURI>${respUri}</RespURI>${RIGHT_CRED}`;
    rig.say(PACKAGE_1, { header: at('/in;jsessionid=7') });
    expect(rig.last().header.target.uri).toBe('http://handset.example/in;jsessionid=7');
    rig.say(rig.answers());
    expect(rig.last().header.target.uri).toBe('http://handset.example/in;jsessionid=7');
    rig.say(rig.answers(), { header: at('on') });
    expect(rig.last().header.target.uri).toBe('http://handset.example/on');
    expect(resolveRespUri(DEVICE, '/dm')).toBe('/dm');
  });

  it('Results that leave out MsgRef, or which node they are about, are those of the Get', () => {
    const rig = rigOf([[get('./z')], [get('./a'), get('./b', './c')], [get('./next')]]);
    rig.say(PACKAGE_1);
    rig.say(rig.answers());
    rig.say(
      rig.answers() +
        resultsXml(undefined, 2, itemXml('', 'A')) +
        resultsXml(2, 3, itemXml('', 'B') + itemXml('', 'C')) +
        DEV_INFO_XML,
    );
    expect(
      rig.reports[1]?.reports.map(({ results }) => results.map(({ source, data }) => [source?.uri, data])),
    ).toEqual([
      [['./a', 'A']],
      [
        ['./b', 'B'],
        ['./c', 'C'],
      ],
    ]);
  });
});

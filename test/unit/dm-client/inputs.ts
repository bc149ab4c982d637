import { utf8 } from '../../../src-main/base/bytes.ts';
import { byHand, statusXml } from '../../support/dm-pair.ts';
import type { Input } from './states.ts';
import { alert, change, copy, exec, get, group, metaXml } from './talk.ts';

const says = (body: string): Input => ({ kind: 'message', body });
const headed = (code: number, more = ''): Input => ({
  kind: 'message',
  body: '',
  status: statusXml(1, 0, 0, 'SyncHdr', code, more).replace('<MsgRef>0<', '<MsgRef>MSGREF<'),
});
const CHAL = `<Chal><Meta><Type xmlns='syncml:metinf'>syncml:auth-basic</Type><Format xmlns='syncml:metinf'>b64</Format></Meta></Chal>`;
const MD5 = CHAL.replace('basic', 'md5').replace('</Meta>', `<NextNonce xmlns='syncml:metinf'>bmV3</NextNonce></Meta>`);
/** A Status of the client's last command, whatever that is: the first but the Status of the header. */
const of = (cmd: string, cmdRef: number, code: number): Input => ({
  kind: 'message',
  body: statusXml(9, 0, cmdRef, cmd, code).replace('<MsgRef>0<', '<MsgRef>1<'),
});

/** Every kind of thing that can come to a client. */
export const INPUTS = {
  nothing: says(''),
  'nothing, open': { kind: 'message', body: '', made: { final: false } },
  Get: says(get(20, './a')),
  'Get, open': { kind: 'message', body: get(20, './a'), made: { final: false } },
  Add: says(change('Add', 20, './bag/n', 'v', '', metaXml({ Format: 'chr' }))),
  Replace: says(change('Replace', 20, './b', 'v')),
  Delete: says(change('Delete', 20, './b', '')),
  Copy: says(copy(20, './a', './b')),
  Exec: says(exec(20, './now')),
  Sequence: says(group('Sequence', 20, exec(21, './now'))),
  Atomic: says(group('Atomic', 20, change('Replace', 21, './b', 'v'))),
  'command of data sync': says('<Put><CmdID>20</CmdID></Put>'),
  'unknown command': says('<Frob><CmdID>20</CmdID></Frob>'),
  'command without CmdID': says('<Exec><Item><Target><LocURI>./now</LocURI></Target></Item></Exec>'),
  Results: says('<Results><CmdID>20</CmdID><CmdRef>1</CmdRef></Results>'),
  1100: says(alert(20, 1100, '', 'x')),
  1101: says(alert(20, 1101, '', 'x')),
  1102: says(alert(20, 1102, '', 'x')),
  1103: says(alert(20, 1103, '', 'x', 'y')),
  1104: says(alert(20, 1104, '', 'x', 'y')),
  1200: says(alert(20, 1200)),
  1201: says(alert(20, 1201)),
  1222: says(alert(20, 1222)),
  '1222, open': { kind: 'message', body: alert(20, 1222), made: { final: false } },
  1223: says(alert(20, 1223)),
  1224: says(alert(20, 1224)),
  1225: says(alert(20, 1225)),
  1226: says(alert(20, 1226)),
  'unknown alert': says(alert(20, 1999)),
  'first chunk': {
    kind: 'message',
    body: change('Replace', 20, './b', 'AB', '<MoreData/>', metaXml({ Size: 6 })),
    made: { final: false },
  },
  'first chunk, closed': says(change('Replace', 20, './b', 'AB', '<MoreData/>', metaXml({ Size: 6 }))),
  'next chunk': { kind: 'message', body: change('Replace', 20, './a', 'D', '<MoreData/>'), made: { final: false } },
  'last chunk': says(change('Replace', 20, './a', 'DEF')),
  'last chunk, too long': says(change('Replace', 20, './a', 'DEFG')),
  'header 200': headed(200),
  'header 212': headed(212),
  'header 213': headed(213),
  'header 101': headed(101),
  'header 401 with Chal': headed(401, CHAL),
  'header 407 with Chal': headed(407, MD5),
  'header 401 without Chal': headed(401),
  'header 404': headed(404),
  'header 500': headed(500),
  'no Status of the header': { kind: 'message', body: '', status: '' },
  'Alert of package 1: 401': of('Alert', 1, 401),
  'Alert of package 1: 500': of('Alert', 1, 500),
  'Status of a Results: 200': says(statusXml(9, 0, 9, 'Results', 200).replace('<MsgRef>0<', '<MsgRef>1<')),
  'Status of what was never sent': says(statusXml(9, 1, 77, 'Get', 200)),
  'Status of a message that was never sent': says(statusXml(9, 99, 1, 'Alert', 200)),
  'no Statuses of commands': { kind: 'message', body: '', due: false },
  repeat: { kind: 'raw', envelope: (place) => place.last ?? byHand('', { msgId: 1 }) },
  'same MsgID, other octets': {
    kind: 'raw',
    envelope: (place) => byHand(get(30, './a'), { msgId: Math.max(1, place.msgId - 1) }),
  },
  'MsgID 0': { kind: 'message', body: '', made: { msgId: 0 } },
  'MsgID that leaves some out': { kind: 'message', body: get(20, './a'), made: { msgId: 40 } },
  'other SessionID': { kind: 'message', body: '', made: { session: 'FFFF' } },
  'other device': { kind: 'message', body: get(20, './a'), made: { target: 'IMEI:353918052107063' } },
  'other VerDTD': { kind: 'message', body: get(20, './a'), made: { verDtd: '1.1' } },
  'other VerProto': { kind: 'message', body: get(20, './a'), made: { verProto: 'DM/1.1' } },
  unreadable: {
    kind: 'raw',
    envelope: () => ({ contentType: 'application/vnd.syncml.dm+xml', body: utf8('<SyncML>') }),
  },
  'another type': { kind: 'raw', envelope: () => ({ contentType: 'text/html', body: utf8('<p>') }) },
  'too long': {
    kind: 'raw',
    envelope: () => ({ contentType: 'application/vnd.syncml.dm+xml', body: new Uint8Array(70_000) }),
  },
  'Yes of a person': { kind: 'answer', answer: 'accept' },
  'No of a person': { kind: 'answer', answer: 'reject' },
  'cancel of a person': { kind: 'answer', answer: 'cancel' },
  'nobody answers': { kind: 'answer', answer: 'timeout' },
  'wrong answer': { kind: 'answer', answer: { chosen: [1] } },
  start: { kind: 'start' },
  abort: { kind: 'abort' },
  close: { kind: 'close' },
} as const satisfies Readonly<Record<string, Input>>;
export type InputName = keyof typeof INPUTS;

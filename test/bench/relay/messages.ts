import { encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Command, Message } from '../../../src-main/syncml/model.ts';

/** Round trips of one session. */
export const ROUND_TRIPS = 20;
const SESSION_ID = 'QQQQ';
const DEVICE = 'IMEI:004999010640000';
const SERVER = 'http://dms.example/dm';

/** A session's messages of about 2 KB: the server reads nodes, the handset answers, twenty times. */
export interface BenchMessages {
  /** Of the handset; the SessionID still has to be put in at `sessionAt`. */
  readonly requests: readonly Uint8Array[];
  readonly answers: readonly Uint8Array[];
  readonly sessionAt: number;
}

export function benchMessages(): BenchMessages {
  const requests: Uint8Array[] = [];
  const answers: Uint8Array[] = [];
  for (let index = 1; index <= ROUND_TRIPS; index += 1) {
    requests.push(encodeMessage(message('handset', index, handsetCommands(index)), 'wbxml'));
    answers.push(encodeMessage(message('dms', index, serverCommands(index)), 'wbxml'));
  }
  const sessionAt = Buffer.from(requests[0] ?? []).indexOf(SESSION_ID);
  return { requests, answers, sessionAt };
}

/** The request of one session: a copy with its SessionID. */
export function requestOf(messages: BenchMessages, index: number, session: number): Uint8Array {
  const body = (messages.requests[index] ?? new Uint8Array()).slice();
  const id = (session % 0x10000).toString(16).toUpperCase().padStart(4, '0');
  for (let at = 0; at < SESSION_ID.length; at += 1) body[messages.sessionAt + at] = id.charCodeAt(at);
  return body;
}

function message(from: 'handset' | 'dms', msgId: number, commands: readonly Command[]): Message {
  const [source, target] = from === 'handset' ? [DEVICE, SERVER] : [SERVER, DEVICE];
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: SESSION_ID,
      msgId,
      target: { uri: target },
      source: { uri: source },
      meta: { maxMsgSize: 16384 },
    },
    commands,
    final: true,
  };
}

const NODES = 12;

function handsetCommands(index: number): Command[] {
  const header: Command = status('1', index - 1, '0', 'SyncHdr');
  if (index === 1) {
    const items = Array.from({ length: 24 }, (_unused, node) => ({
      source: { uri: `./DevDetail/Ext/Component${node}/Description` },
      data: `information about component number ${node} of the handset`,
    }));
    return [
      { kind: 'Alert', cmdId: '1', code: 1201, items: [] },
      { kind: 'Replace', cmdId: '2', items },
    ];
  }
  const results = Array.from({ length: NODES }, (_unused, node): Command => {
    const source = { uri: `./SCOMO/Inventory/Deployed/Component${node}/Version` };
    return {
      kind: 'Results',
      cmdId: String(2 + 2 * node),
      msgRef: index - 1,
      cmdRef: String(2 + node),
      items: [
        { source, meta: { format: 'chr', type: 'text/plain' }, data: `version ${index}.${node} of the component` },
      ],
    };
  });
  const statuses = results.map((_unused, node) => status(String(3 + 2 * node), index - 1, String(2 + node), 'Get'));
  return [header, ...statuses, ...results];
}

/** The last answer asks nothing more, so the session is over; it is as long as the others all the same. */
function serverCommands(index: number): Command[] {
  const answered = Array.from({ length: 10 }, (_unused, at) =>
    status(String(100 + at), index, String(3 + at), 'Results'),
  );
  const own = [status('1', index, '0', 'SyncHdr'), ...answered];
  if (index === ROUND_TRIPS) return [...own, ...own, ...own, ...own];
  const gets = Array.from({ length: NODES }, (_unused, node): Command => {
    const uri = `./SCOMO/Inventory/Deployed/Component${node}/Version?list=StructData&of=the-handset-on-this-bench`;
    return { kind: 'Get', cmdId: String(2 + node), items: [{ target: { uri } }] };
  });
  return [...own, ...gets];
}

function status(cmdId: string, msgRef: number, cmdRef: string, cmd: string): Command {
  return { kind: 'Status', cmdId, msgRef, cmdRef, cmd, code: 200, targetRefs: [], sourceRefs: [], items: [] };
}

import type { Envelope } from '../../../src-main/link/message-link.ts';
import { encodeMessage } from '../../../src-main/syncml/codec.ts';
import { dmContentType } from '../../../src-main/syncml/content-type.ts';
import type {
  AlertCommand,
  Command,
  Encoding,
  Header,
  Message,
  StatusCommand,
} from '../../../src-main/syncml/model.ts';

export const DEVICE = 'IMEI:004999010640000';
export const SERVER = 'http://dms.example/dm';

export interface MessageOptions {
  readonly from: 'handset' | 'dms';
  readonly msgId: number;
  readonly commands: readonly Command[];
  /** Default true. */
  readonly final?: boolean;
  readonly header?: Partial<Header>;
}

/** A message as one of the two sides would write it. */
export function dmMessage(options: MessageOptions): Message {
  const [source, target] = options.from === 'handset' ? [DEVICE, SERVER] : [SERVER, DEVICE];
  return {
    header: {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1A2B',
      msgId: options.msgId,
      target: { uri: target },
      source: { uri: source },
      ...options.header,
    },
    commands: options.commands,
    final: options.final ?? true,
  };
}

export function envelope(message: Message, encoding: Encoding = 'wbxml', hmac?: string): Envelope {
  const encoded: Uint8Array | string = encodeMessage(message, encoding);
  const body = typeof encoded === 'string' ? new TextEncoder().encode(encoded) : encoded;
  const contentType = dmContentType(encoding);
  return hmac === undefined ? { contentType, body } : { contentType, body, hmac };
}

export function fromHandset(msgId: number, commands: readonly Command[], final = true): Envelope {
  return envelope(dmMessage({ from: 'handset', msgId, commands, final }));
}

export function fromDms(
  msgId: number,
  commands: readonly Command[],
  final = true,
  header: Partial<Header> = {},
): Envelope {
  return envelope(dmMessage({ from: 'dms', msgId, commands, final, header }));
}

export function status(cmdId: string, msgRef: number, cmdRef: string, cmd: string, code = 200): StatusCommand {
  return { kind: 'Status', cmdId, msgRef, cmdRef, cmd, code, targetRefs: [], sourceRefs: [], items: [] };
}

export function challenge(cmdId: string, msgRef: number, code = 401): StatusCommand {
  const chal = { format: 'b64', type: 'syncml:auth-md5', nextNonce: 'bmV4dC1ub25jZQ==' };
  return { ...status(cmdId, msgRef, '0', 'SyncHdr', code), chal };
}

export function alert(cmdId: string, code: number): AlertCommand {
  return { kind: 'Alert', cmdId, code, items: [] };
}

export function get(cmdId: string, uri: string): Command {
  return { kind: 'Get', cmdId, items: [{ target: { uri } }] };
}

/** A body that nobody can read. */
export const UNREADABLE: Envelope = {
  contentType: 'application/vnd.syncml.dm+wbxml',
  body: Uint8Array.of(0x02, 0xa4, 0x01, 0x6a, 0x00, 0x6d, 0xff, 0xff),
};

/** A server session in mid-talk with a client written by hand: no string of the client comes from our encoder. */
import { toBase64 } from '../../../src-main/base/base64.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import type { WantedCommand } from '../../../src-main/dm/server/work.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import type { Command, Message } from '../../../src-main/syncml/model.ts';
import {
  byHand,
  DEVICE,
  type HandMade,
  proverOf,
  readEnvelope,
  SERVER,
  serverOf,
  statusXml,
  type TestServer,
  verifierOf,
} from '../../support/dm-pair.ts';

export const get = (...uris: readonly string[]): WantedCommand => ({
  kind: 'Get',
  items: uris.map((uri) => ({ target: { uri } })),
});
export const add = (uri: string, data: string): WantedCommand => ({
  kind: 'Add',
  items: [{ target: { uri }, meta: { format: 'chr' }, data }],
});

export const alertXml = (id: number | string, code: number | string, items = '') =>
  `<Alert><CmdID>${id}</CmdID><Data>${code}</Data>${items}</Alert>`;
/** A generic alert or client event as the standard wants it. */
export const eventXml = (id: number, code: number) =>
  alertXml(
    id,
    code,
    `<Item><Source><LocURI>./x</LocURI></Source><Meta><Format xmlns='syncml:metinf'>chr</Format><Type xmlns='syncml:metinf'>urn:x</Type></Meta><Data>done</Data></Item>`,
  );
export const sizeXml = (octets: number) => `<Meta><Size xmlns='syncml:metinf'>${octets}</Size></Meta>`;
export const limitsXml = (message: number | string, object: number | string = 1_000_000) =>
  `<Meta><MaxMsgSize xmlns='syncml:metinf'>${message}</MaxMsgSize><MaxObjSize xmlns='syncml:metinf'>${object}</MaxObjSize></Meta>`;
export const itemXml = (uri: string, data: string, more = '', meta = '') =>
  `<Item>${uri === '' ? '' : `<Source><LocURI>${uri}</LocURI></Source>`}${meta}<Data>${data}</Data>${more}</Item>`;
export const resultsXml = (msgRef: number | undefined, cmdRef: number, items: string, id = 90) =>
  `<Results><CmdID>${id}</CmdID>${msgRef === undefined ? '' : `<MsgRef>${msgRef}</MsgRef>`}<CmdRef>${cmdRef}</CmdRef>${items}</Results>`;
export const DEV_INFO_XML = `<Replace><CmdID>2</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>${DEVICE}</Data></Item></Replace>`;
export const PACKAGE_1 = alertXml(1, 1201) + DEV_INFO_XML;

export const RIGHT_CRED = credXml('handset:secret');
export const WRONG_CRED = credXml('handset:wrong');

function credXml(text: string): string {
  return `<Cred><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-basic</Type></Meta><Data>${toBase64(utf8(text))}</Data></Cred>`;
}

export const CHAL_XML = `<Chal><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-md5</Type><NextNonce xmlns='syncml:metinf'>bmV3</NextNonce></Meta></Chal>`;

/** Codes for the Statuses of a client's answer; those not named are 200, and 213 for a chunk. */
export interface Answers {
  readonly header?: number;
  readonly chal?: string;
  readonly command?: number;
}

export interface Rig extends TestServer {
  /** The client's message, with the next MsgID. */
  say(body: string, options?: HandMade): DmStep;
  /** The client's message once more, octet by octet. */
  repeat(): DmStep;
  raw(envelope: Envelope): DmStep;
  /** The server's last message. */
  last(): Message;
  /** Statuses for all that the server said last. */
  answers(codes?: Answers): string;
  /** MsgID that the client's next message has. */
  next(): number;
}

/** By default the client has to prove itself by basic, and does; the server proves itself by md5. */
export function rigOf(...[packages, options = {}]: Parameters<typeof serverOf>): Rig {
  const server = serverOf(packages, {
    verifier: verifierOf('basic', 'handset', 'secret'),
    prover: proverOf('md5', 'dms', 'server'),
    ...options,
  });
  let msgId = 0;
  let said: Envelope | undefined;
  let heard: Envelope | undefined;
  const raw = (envelope: Envelope) => {
    said = envelope;
    const step = server.session.receive(envelope);
    heard = step.send ?? heard;
    return step;
  };
  return {
    ...server,
    raw,
    say(body, choice = {}) {
      msgId += 1;
      return raw(byHand(body, { msgId, source: DEVICE, target: SERVER, header: RIGHT_CRED, ...choice }));
    },
    repeat() {
      if (said === undefined) throw new Error('nothing was said');
      return raw({ ...said, body: said.body.slice() });
    },
    last: () => readEnvelope(heard),
    next: () => msgId + 1,
    answers(codes = {}) {
      if (heard === undefined) return '';
      const { header, commands } = readEnvelope(heard);
      const { header: code = 212, chal = '' } = codes;
      return statusXml(1, header.msgId, 0, 'SyncHdr', code, chal) + statusesFor(commands, header.msgId, codes.command);
    },
  };
}

function statusesFor(commands: readonly Command[], msgRef: number, code: number | undefined): string {
  return commands
    .filter(({ kind }) => kind !== 'Status')
    .map((command, index) => {
      const chunk = 'items' in command && command.items.some(({ moreData }) => moreData === true);
      const given = command.kind === 'Alert' ? 200 : (code ?? (chunk ? 213 : 200));
      const own = statusXml(20 + index, msgRef, Number(command.cmdId), command.kind, given);
      return 'commands' in command ? own + statusesFor(command.commands, msgRef, code) : own;
    })
    .join('');
}

/** A DM client that is spoken to by hand, message by message. */
import type { DmClientSession } from '../../../src-main/dm/client/dm-client-session.ts';
import type { DmStep } from '../../../src-main/dm/step.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import { byHand, clientOf, gist, type HandMade, statusXml, TestDevice } from '../../support/dm-pair.ts';

/** Statuses of SyncHdr and of package 1's Alert and Replace. */
export const TAKEN =
  statusXml(1, 1, 0, 'SyncHdr', 212) + statusXml(2, 1, 1, 'Alert', 200) + statusXml(3, 1, 2, 'Replace', 200);
export const header = (msgRef: number, code = 200) => statusXml(1, msgRef, 0, 'SyncHdr', code);

export const get = (id: number, uri: string) =>
  `<Get><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target></Item></Get>`;
export const metaXml = (fields: Readonly<Record<string, string | number>>) =>
  `<Meta>${Object.entries(fields)
    .map(([name, value]) => `<${name} xmlns='syncml:metinf'>${value}</${name}>`)
    .join('')}</Meta>`;
export const change = (kind: string, id: number, uri: string, data: string, more = '', meta = '') =>
  `<${kind}><CmdID>${id}</CmdID><Item><Target><LocURI>${uri}</LocURI></Target>${meta}<Data>${data}</Data>${more}</Item></${kind}>`;
export const copy = (id: number, source: string, target: string) =>
  `<Copy><CmdID>${id}</CmdID><Item><Target><LocURI>${target}</LocURI></Target><Source><LocURI>${source}</LocURI></Source></Item></Copy>`;
export const alert = (id: number, code: number | string, ...items: readonly string[]) =>
  `<Alert><CmdID>${id}</CmdID><Data>${code}</Data>${items.map((item) => `<Item>${item === '' ? '' : `<Data>${item}</Data>`}</Item>`).join('')}</Alert>`;
export const exec = (id: number, uri: string, correlator = '', data = '') =>
  `<Exec><CmdID>${id}</CmdID>${correlator === '' ? '' : `<Correlator>${correlator}</Correlator>`}<Item><Target><LocURI>${uri}</LocURI></Target>${data}</Item></Exec>`;
export const group = (kind: 'Atomic' | 'Sequence', id: number, ...commands: readonly string[]) =>
  `<${kind}><CmdID>${id}</CmdID>${commands.join('')}</${kind}>`;

export interface Talk {
  readonly device: TestDevice;
  readonly client: DmClientSession;
  readonly first: Envelope;
  /** Gives the client a message; MsgIDs go up by themselves. */
  say(body: string, options?: HandMade): DmStep;
}

export function talk(options: Parameters<typeof clientOf>[1] = {}, device = new TestDevice()): Talk {
  const client = clientOf(device, options);
  const first = client.start();
  let msgId = 0;
  return {
    device,
    client,
    first,
    say(body, made = {}) {
      msgId += 1;
      return client.receive(byHand(body, { msgId, ...made }));
    },
  };
}

/** What the client answers to these commands in package 2, without the Status of the header and Final. */
export function answersTo(commands: string, all: Talk = talk()): readonly string[] {
  return short(all.say(TAKEN + commands));
}

export function short(step: DmStep): readonly string[] {
  return gist(step.send)
    .filter((line) => line !== 'Final' && !line.includes('SyncHdr'))
    .map((line) => line.replace(/^Status \d+\/(\d*) /, '$1 ').replace(/^Results \d+\/(\d+) /, '$1: '));
}

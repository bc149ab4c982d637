import type { Element } from '../base/element.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Command, Cred, Header, Location, Message } from './model.ts';
import { readCommand } from './read-command.ts';
import { childOf, childText, decimal, type Mutable, readLocation, readMeta, trimmedText } from './read-elements.ts';

/**
 * The message that a tree says.
 * @throws PcAgentError `syncml/not-a-message`, `syncml/missing-element` (details.element), `syncml/bad-number`.
 */
export function readMessage(root: Element): Message {
  const { header, body } = readFrame(root);
  const commands: Command[] = [];
  let final = false;
  for (const child of body.children) {
    if (child.name === 'Final') final = true;
    else commands.push(readCommand(child));
  }
  return { header, commands, final };
}

/** A message whose commands nobody has read yet. Whatever a command lacks, this says whether the message is usable. */
export interface MessageFrame {
  readonly header: Header;
  /** SyncBody: commands and Final. */
  readonly body: Element;
}

/** @throws the same as `readMessage`. */
export function readFrame(root: Element): MessageFrame {
  if (root.name !== 'SyncML') {
    throw new PcAgentError('syncml/not-a-message', `the root is ${root.name}, not SyncML`, {
      details: { root: root.name },
    });
  }
  const header = readHeader(required(root, 'SyncHdr'));
  return { header, body: required(root, 'SyncBody') };
}

function readHeader(element: Element): Header {
  const msgIdText = requiredText(element, 'MsgID');
  const msgId = decimal(msgIdText);
  if (Number.isNaN(msgId)) {
    throw new PcAgentError('syncml/bad-number', 'MsgID is not a decimal number', { details: { element: 'MsgID' } });
  }
  const respUri = childText(element, 'RespURI');
  const cred = childOf(element, 'Cred');
  const meta = childOf(element, 'Meta');
  const header: Mutable<Header> = {
    verDtd: requiredText(element, 'VerDTD'),
    verProto: requiredText(element, 'VerProto'),
    sessionId: requiredText(element, 'SessionID'),
    msgId,
    target: requiredLocation(element, 'Target'),
    source: requiredLocation(element, 'Source'),
  };
  if (respUri !== undefined) header.respUri = respUri;
  if (childOf(element, 'NoResp') !== undefined) header.noResp = true;
  if (cred !== undefined) header.cred = readCred(cred);
  if (meta !== undefined) header.meta = readMeta(meta);
  return header;
}

function readCred(element: Element): Cred {
  const meta = childOf(element, 'Meta');
  const data = childOf(element, 'Data');
  const value = data === undefined ? '' : data.content instanceof Uint8Array ? data.content : trimmedText(data);
  return { ...(meta === undefined ? {} : { meta: readMeta(meta) }), data: value };
}

function requiredLocation(parent: Element, name: string): Location {
  const element = required(parent, name);
  required(element, 'LocURI');
  return readLocation(element);
}

function requiredText(parent: Element, name: string): string {
  return trimmedText(required(parent, name));
}

function required(parent: Element, name: string): Element {
  const child = childOf(parent, name);
  if (child !== undefined) return child;
  throw new PcAgentError('syncml/missing-element', `${parent.name} has no ${name}`, {
    details: { element: name, parent: parent.name },
  });
}

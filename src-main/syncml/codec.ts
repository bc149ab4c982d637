import { utf8 } from '../base/bytes.ts';
import type { Element } from '../base/element.ts';
import type { UnknownTag } from '../wbxml/document.ts';
import { readWbxml } from '../wbxml/reader.ts';
import { skimPlan, skimWbxml } from '../wbxml/skim-reader.ts';
import { wbxmlLength, writeWbxml } from '../wbxml/writer.ts';
import { readXml } from '../xml/reader.ts';
import { writeXml, writeXmlFragment } from '../xml/writer.ts';
import type { Command, Encoding, Header, Message } from './model.ts';
import { type MessageFrame, readFrame, readMessage } from './read-message.ts';
import { writeCommand, writeMessage } from './write-message.ts';

export type { UnknownTag } from '../wbxml/document.ts';

export interface DecodedMessage {
  readonly message: Message;
  /** The whole document; opaque values are views of the body. */
  readonly root: Element;
  /** WBXML tags that no table knows, each once; empty for XML. */
  readonly unknown: readonly UnknownTag[];
}

export interface DecodeOptions {
  /** The transport's charset parameter. */
  readonly charset?: string;
}

const NO_TAGS: readonly UnknownTag[] = Object.freeze([]);

/**
 * Reads a SyncML message. Opaque values are views of `body`, which must not change afterwards.
 * @throws PcAgentError `wbxml/*` and `xml/*` with the offset; `syncml/*` when the document is no usable message.
 */
export function decodeMessage(body: Uint8Array, encoding: Encoding, options: DecodeOptions = {}): DecodedMessage {
  if (encoding === 'xml') {
    const root = readXml(body, options);
    return { message: readMessage(root), root, unknown: NO_TAGS };
  }
  const { root, unknown } = readWbxml(body, options);
  return { message: readMessage(root), root, unknown };
}

/** A message without what its commands carry. */
export interface SkimmedMessage extends MessageFrame {
  /** Some item says that more of it follows. Certain when false. */
  readonly moreData: boolean;
}

/** What a look at the course of a session does without: Results below SyncML and SyncBody, the others in a command. */
const CARGO = skimPlan({ Results: 2, Item: 3, TargetRef: 3, SourceRef: 3 }, 'MoreData');

/**
 * Header and commands, those of WBXML without items, results and references: a look that costs little. It refuses what
 * `decodeMessage` refuses.
 * @throws PcAgentError as `decodeMessage`.
 */
export function skimMessage(body: Uint8Array, encoding: Encoding, options: DecodeOptions = {}): SkimmedMessage {
  if (encoding === 'xml') return { ...readFrame(readXml(body, options)), moreData: true };
  const { root, found } = skimWbxml(body, CARGO, options);
  return { ...readFrame(root), moreData: found };
}

/**
 * Writes a SyncML message: WBXML 1.2 with public id 0x1201, or XML in UTF-8.
 * @throws PcAgentError `xml/not-text` when XML is asked for and a value is octets that are not text; `*\/unknown-tag`.
 */
export function encodeMessage(message: Message, encoding: Encoding): Uint8Array {
  const root = writeMessage(message);
  return encoding === 'wbxml' ? writeWbxml(root, 'syncml') : utf8(writeXml(root));
}

/**
 * How many octets a command adds to a message: exact for XML, at most two too many for WBXML (a switch back to page 0
 * that the next tag may not need). `frameSize` plus these is never less than the message.
 */
export function commandSize(command: Command, encoding: Encoding): number {
  const element = writeCommand(command);
  return encoding === 'wbxml' ? wbxmlLength(element) : utf8(writeXmlFragment(element)).length;
}

/** Octets of a message with this header and Final, without commands. */
export function frameSize(header: Header, encoding: Encoding): number {
  return encodeMessage({ header, commands: [], final: true }, encoding).length;
}

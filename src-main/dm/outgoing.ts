import type { ByteSource } from '../base/byte-source.ts';
import { utf8 } from '../base/bytes.ts';
import { Alert } from '../syncml/alert.ts';
import { commandSize, frameSize } from '../syncml/codec.ts';
import type { AlertCommand, Command, Data, Encoding, Header, Item, StatusCommand } from '../syncml/model.ts';
import { cutText } from './large-object/cut-text.ts';

/**
 * A command that is to be sent. `large` is the value of its single item, which then has no `data`: it is read piece by
 * piece as it is sent, as raw octets with Format `bin` in WBXML and as base64 text with Format `b64` in XML.
 */
export type OutgoingCommand = Command & { readonly large?: ByteSource };

/** A command waiting to be sent. CmdIDs are given when it goes out, since they count within a message. */
export interface Outgoing {
  /** The command as it would go if it fitted; its `cmdId` (and its children's) is replaced. */
  readonly command: OutgoingCommand;
  /** Told what went where, with its CmdID: of a large object when the last chunk went, of earlier ones by `onChunk`. */
  readonly onSent?: (msgId: number, command: Command) => void;
  readonly onChunk?: (msgId: number, command: Command, sent: number, total: number) => void;
}

/** The state of a large object between two messages. */
interface Chunking {
  readonly outgoing: Outgoing;
  /** The object as carried: raw octets, or UTF-8 of the text. */
  readonly bytes: Uint8Array;
  readonly isText: boolean;
  offset: number;
}

export interface Filled {
  readonly commands: readonly Command[];
  /** The last command is a chunk with MoreData: nothing may follow it and the message is not final. */
  readonly chunk: boolean;
}

/** Room kept for what the encoder writes around the commands: Final, page switches, closing tags. */
const SLACK = 24;
/** Smallest piece of a large object worth a message of its own. */
const MIN_CHUNK = 12;
/** Text is cut no shorter, so that a character of four octets fits behind any group of four. */
const MIN_TEXT = 8;
/** Length fields of an opaque value grow with it. */
const LENGTH_FIELD = 6;
/** As long as any CmdID that a message has room for. */
const LONGEST_ID = '0000';

/**
 * What one side has to say, put into messages that stay within the peer's MaxMsgSize. A command goes whole or, when a
 * single item is too large, as a large object (DM Protocol 1.2, 2.1 and 2.2).
 */
export class OutgoingQueue {
  readonly #encoding: Encoding;
  readonly #waiting: Outgoing[] = [];
  #chunking: Chunking | undefined;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  get empty(): boolean {
    return this.#waiting.length === 0 && this.#chunking === undefined;
  }

  /** A large object is under way; its next chunk comes first. */
  get chunking(): boolean {
    return this.#chunking !== undefined;
  }

  push(...commands: readonly Outgoing[]): void {
    this.#waiting.push(...commands);
  }

  clear(): void {
    this.#waiting.length = 0;
    this.#chunking = undefined;
  }

  /** Gives up the large object that is under way (the peer refused it). */
  dropChunk(): void {
    this.#chunking = undefined;
  }

  /**
   * Takes as many waiting commands as fit beside `first` (what must go now: the Status of SyncHdr and the like).
   * @param limit most bytes of the whole message, as the peer announced; undefined = no limit.
   */
  fill(header: Header, first: readonly Command[], limit: number | undefined, nextCmdId: () => string): Filled {
    const budget = (limit ?? Number.POSITIVE_INFINITY) - SLACK - frameSize(header, this.#encoding);
    let room = first.reduce((left, command) => left - commandSize(command, this.#encoding), budget);
    const alone = budget - this.#leastOpening(first[0]);
    const commands: Command[] = [];
    // No later message has more room than this one: what does not fit now never will.
    const forced = () => commands.length === 0 && room >= alone;
    while (this.#chunking === undefined) {
      const next = this.#waiting[0];
      if (next === undefined) return { commands, chunk: false };
      const size = commandSize(
        withIds(next.command, () => LONGEST_ID),
        this.#encoding,
      );
      if (size > room) {
        if (size <= alone || (!forced() && !mayShare(next.command))) return { commands, chunk: false };
        if (this.#splitFirst(room, forced())) continue;
        if (canChunk(next.command)) {
          this.#waiting.shift();
          this.#chunking = chunkingOf(next);
          break;
        }
        // What can never fit goes alone: the peer says what it thinks of that.
        if (!forced()) return { commands, chunk: false };
      }
      this.#waiting.shift();
      const command = withIds(next.command, nextCmdId);
      commands.push(command);
      next.onSent?.(header.msgId, command);
      room -= size;
    }
    const chunk = this.#nextChunk(this.#chunking, header, room, forced(), nextCmdId);
    if (chunk === undefined) return { commands, chunk: false };
    commands.push(chunk.command);
    return { commands, chunk: chunk.more };
  }

  /** What opens even the shortest message of a package: Status of SyncHdr and of the peer's Alert 1222, and our own. */
  #leastOpening(header: Command | undefined): number {
    const status: StatusCommand = {
      kind: 'Status',
      cmdId: LONGEST_ID,
      msgRef: 9999,
      cmdRef: LONGEST_ID,
      cmd: 'Alert',
      targetRefs: [],
      sourceRefs: [],
      code: 200,
      items: [],
    };
    const alert: AlertCommand = { kind: 'Alert', cmdId: LONGEST_ID, code: Alert.NextMessage, items: [] };
    const opening = header === undefined ? [status, alert] : [header, status, alert];
    return opening.reduce((size, command) => size + commandSize(command, this.#encoding), 0);
  }

  /**
   * Makes two of the first waiting command when it is a Results of several items: those that fit, and the rest.
   * A single item is split off when nothing fits and nothing ever will.
   */
  #splitFirst(room: number, forced: boolean): boolean {
    const next = this.#waiting[0];
    if (next?.command.kind !== 'Results' || next.command.items.length < 2) return false;
    const { items } = next.command;
    const part = (from: number, to?: number): Command => ({ ...next.command, items: items.slice(from, to) }) as Command;
    const size = (command: Command) => commandSize({ ...command, cmdId: LONGEST_ID }, this.#encoding);
    const frame = size(part(0, 0));
    let count = 0;
    let left = room - frame;
    for (; count < items.length - 1; count += 1) {
      left -= size(part(count, count + 1)) - frame;
      if (left < 0) break;
    }
    if (count === 0 && !forced) return false;
    const cut = Math.max(1, count);
    this.#waiting.splice(0, 1, { ...next, command: part(0, cut) }, { ...next, command: part(cut) });
    return true;
  }

  #nextChunk(
    chunking: Chunking,
    header: Header,
    room: number,
    forced: boolean,
    nextCmdId: () => string,
  ): { command: Command; more: boolean } | undefined {
    const { outgoing, bytes, isText, offset } = chunking;
    const size = offset === 0 ? bytes.length : undefined;
    const sizeWith = (data: Data) =>
      commandSize(chunkOf(outgoing.command, LONGEST_ID, data, true, size), this.#encoding);
    const frame = sizeWith(isText ? '' : new Uint8Array(0)) + LENGTH_FIELD;
    if (room - frame < MIN_CHUNK && !forced) return undefined;
    let length = Math.max(MIN_CHUNK, room - frame);
    let part = pieceOf(chunking, length);
    // Text may grow by escapes in XML: cut in proportion until it fits.
    while (isText && length > MIN_TEXT) {
      const grown = sizeWith(part.data);
      if (grown <= room) break;
      const share = Math.floor((length * (room - frame)) / Math.max(1, grown - frame));
      length = Math.max(MIN_TEXT, Math.min(length - 1, share));
      part = pieceOf(chunking, length);
    }
    chunking.offset += part.length;
    const more = chunking.offset < bytes.length;
    const command = chunkOf(outgoing.command, nextCmdId(), part.data, more, size);
    if (more) {
      outgoing.onChunk?.(header.msgId, command, chunking.offset, bytes.length);
    } else {
      this.#chunking = undefined;
      outgoing.onSent?.(header.msgId, command);
    }
    return { command, more };
  }
}

/** May go in part with what others have left of a message: a large object, or a Results of several items. */
function mayShare(command: Command): boolean {
  return canChunk(command) || (command.kind === 'Results' && command.items.length > 1);
}

/** Only the data of a command's single item may be chunked. */
function canChunk(command: Command): boolean {
  if (command.kind !== 'Add' && command.kind !== 'Replace' && command.kind !== 'Results') return false;
  const data = command.items[0]?.data;
  return command.items.length === 1 && data !== undefined && data.length > MIN_CHUNK;
}

function chunkingOf(outgoing: Outgoing): Chunking {
  const data: Data = 'items' in outgoing.command ? (outgoing.command.items[0]?.data ?? '') : '';
  const isText = typeof data === 'string';
  return { outgoing, bytes: isText ? utf8(data) : data, isText, offset: 0 };
}

function pieceOf(chunking: Chunking, length: number): { readonly data: Data; readonly length: number } {
  if (chunking.isText) return cutText(chunking.bytes, chunking.offset, length);
  const data = chunking.bytes.subarray(chunking.offset, chunking.offset + length);
  return { data, length: data.length };
}

function chunkOf(command: Command, cmdId: string, data: Data, more: boolean, size: number | undefined): Command {
  if (!('items' in command)) throw new TypeError(`${command.kind} cannot be chunked`);
  const { data: _whole, moreData: _more, meta, ...rest } = command.items[0] ?? {};
  const { size: _size, ...plain } = meta ?? {};
  const chunkMeta = size === undefined ? plain : { ...plain, size };
  const item: Item = {
    ...rest,
    ...(Object.keys(chunkMeta).length === 0 ? {} : { meta: chunkMeta }),
    data,
    ...(more ? { moreData: true } : {}),
  };
  return { ...command, cmdId, items: [item] };
}

/** The command with fresh ids; children of Atomic and Sequence draw from the same numbering as their parent. */
function withIds(command: Command, nextCmdId: () => string): Command {
  const cmdId = nextCmdId();
  if (command.kind !== 'Atomic' && command.kind !== 'Sequence') return { ...command, cmdId };
  return { ...command, cmdId, commands: command.commands.map((child) => withIds(child, nextCmdId)) };
}

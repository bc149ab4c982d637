import { utf8 } from '../base/bytes.ts';
import { commandSize, encodeMessage } from '../syncml/codec.ts';
import type { Command, Data, Encoding, Header, Item } from '../syncml/model.ts';
import { cutText } from './large-object/cut-text.ts';

/** A command waiting to be sent. CmdIDs are given when it goes out, since they count within a message. */
export interface Outgoing {
  /** The command as it would go if it fitted; its `cmdId` (and its children's) is replaced. */
  readonly command: Command;
  /** Told what went where: for a large object the last chunk, earlier ones by `onChunk`. */
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
/** Length fields of an opaque value grow with it. */
const LENGTH_FIELD = 6;

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
    let room = (limit ?? Number.POSITIVE_INFINITY) - SLACK;
    room -= encodeMessage({ header, commands: [], final: true }, this.#encoding).length;
    for (const command of first) room -= commandSize(command, this.#encoding);
    const commands: Command[] = [];
    while (this.#chunking === undefined) {
      const next = this.#waiting[0];
      if (next === undefined) return { commands, chunk: false };
      const size = commandSize(
        withIds(next.command, () => '000'),
        this.#encoding,
      );
      // What can never fit goes alone: the peer says what it thinks of that.
      const neverFits = commands.length === 0 && !canChunk(next.command);
      if (size <= room || neverFits) {
        this.#waiting.shift();
        const command = withIds(next.command, nextCmdId);
        commands.push(command);
        next.onSent?.(header.msgId, command);
        room -= size;
      } else if (canChunk(next.command)) {
        this.#waiting.shift();
        this.#chunking = chunkingOf(next);
      } else {
        return { commands, chunk: false };
      }
    }
    const chunk = this.#nextChunk(
      this.#chunking,
      header,
      commands.length === 0 ? Math.max(room, 256) : room,
      nextCmdId,
    );
    if (chunk === undefined) return { commands, chunk: false };
    commands.push(chunk.command);
    return { commands, chunk: chunk.more };
  }

  #nextChunk(
    chunking: Chunking,
    header: Header,
    room: number,
    nextCmdId: () => string,
  ): { command: Command; more: boolean } | undefined {
    const { outgoing, bytes, isText, offset } = chunking;
    const size = offset === 0 ? bytes.length : undefined;
    const frame = commandSize(
      chunkOf(outgoing.command, '000', isText ? '' : new Uint8Array(0), true, size),
      this.#encoding,
    );
    let length = room - frame - LENGTH_FIELD;
    if (length < MIN_CHUNK) return undefined;
    let part = pieceOf(chunking, length);
    // Text may grow by escapes in XML: cut until it fits.
    while (isText && length > MIN_CHUNK) {
      const grown = commandSize(chunkOf(outgoing.command, '000', part.data, true, size), this.#encoding) - room;
      if (grown <= 0) break;
      length = Math.max(MIN_CHUNK, length - grown);
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

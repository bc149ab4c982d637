import type { ByteSource } from '../base/byte-source.ts';
import { Alert } from '../syncml/alert.ts';
import { commandSize, frameSize } from '../syncml/codec.ts';
import type { AlertCommand, Command, Data, Encoding, Header, Item, StatusCommand } from '../syncml/model.ts';
import { type Carrier, dataCarrier, LARGEST_PIECE, sourceCarrier } from './large-object/carrier.ts';

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
  readonly carrier: Carrier;
  offset: number;
}

export interface Filled {
  readonly commands: readonly Command[];
  /** The last command is a chunk with MoreData: nothing may follow it and the message is not final. */
  readonly chunk: boolean;
}

/** Smallest piece of a large object worth a message of its own. */
const MIN_CHUNK = 12;
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

  /** Puts commands before those that wait: they went out and have to go again. */
  putBack(...commands: readonly Outgoing[]): void {
    this.#waiting.unshift(...commands);
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
    const budget = (limit ?? Number.POSITIVE_INFINITY) - frameSize(header, this.#encoding);
    let room = first.reduce((left, command) => left - commandSize(command, this.#encoding), budget);
    const alone = budget - this.#leastOpening(first[0]);
    const commands: Command[] = [];
    // No later message has more room than this one: what does not fit now never will.
    const forced = () => commands.length === 0 && room >= alone;
    while (this.#chunking === undefined) {
      const next = this.#waiting[0];
      if (next === undefined) return { commands, chunk: false };
      const size = this.#sizeOf(next.command, alone);
      if (size === undefined || size > room) {
        if ((size !== undefined && size <= alone) || (!forced() && !mayShare(next.command)))
          return { commands, chunk: false };
        if (this.#splitFirst(room, forced())) continue;
        if (canChunk(next.command)) {
          this.#waiting.shift();
          this.#chunking = { outgoing: next, carrier: carrierOf(next.command, this.#encoding), offset: 0 };
          break;
        }
        // What can never fit goes alone: the peer says what it thinks of that.
        if (!forced()) return { commands, chunk: false };
      }
      this.#waiting.shift();
      const command = withIds(this.#whole(next.command), nextCmdId);
      commands.push(command);
      next.onSent?.(header.msgId, command);
      room -= size ?? room;
    }
    const chunk = this.#nextChunk(this.#chunking, header, room, forced(), nextCmdId);
    if (chunk === undefined) return { commands, chunk: false };
    commands.push(chunk.command);
    return { commands, chunk: chunk.more };
  }

  /** Octets of a command that goes whole; `undefined` when it does not. */
  #sizeOf(command: OutgoingCommand, most: number): number | undefined {
    const { large } = command;
    if (large === undefined || sourceCarrier(large, this.#encoding).length <= Math.min(most, LARGEST_PIECE)) {
      return commandSize(
        withIds(this.#whole(command), () => LONGEST_ID),
        this.#encoding,
      );
    }
    return undefined;
  }

  /** The command with all of its value. */
  #whole({ large, ...command }: OutgoingCommand): Command {
    if (large === undefined) return command;
    const { data } = sourceCarrier(large, this.#encoding).piece(0, Number.POSITIVE_INFINITY);
    return chunkOf(command, '', { data, more: false, format: formatIn(this.#encoding) });
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
    const { outgoing, carrier, offset } = chunking;
    const size = offset === 0 ? carrier.length : undefined;
    const { large, ...plain } = outgoing.command;
    const format = large === undefined ? undefined : formatIn(this.#encoding);
    const sizeWith = (data: Data, id: string) =>
      commandSize(chunkOf(plain, id, { data, more: true, size, format }), this.#encoding);
    const sample = carrier.piece(offset, carrier.least);
    if (room - sizeWith(sample.data, LONGEST_ID) + sample.length < MIN_CHUNK && !forced) return undefined;
    const cmdId = nextCmdId();
    const part = fittingPiece(chunking, room, (data) => sizeWith(data, cmdId));
    chunking.offset += part.length;
    const more = chunking.offset < carrier.length;
    const command = chunkOf(plain, cmdId, { data: part.data, more, size, format });
    // What was said is noted without the piece: a package may have thousands of them.
    const noted = { ...outgoing.command, cmdId };
    if (more) {
      outgoing.onChunk?.(header.msgId, noted, chunking.offset, carrier.length);
    } else {
      this.#chunking = undefined;
      outgoing.onSent?.(header.msgId, noted);
    }
    return { command, more };
  }
}

/** The longest piece with which the command still fits the room, or the shortest that is worth a message. */
function fittingPiece(
  { carrier, offset }: Chunking,
  room: number,
  sizeWith: (data: Data) => number,
): ReturnType<Carrier['piece']> {
  const sample = carrier.piece(offset, carrier.least);
  const frame = sizeWith(sample.data) - sample.length;
  let length = Math.max(MIN_CHUNK, room - frame);
  let part = carrier.piece(offset, length);
  // The length field of octets grows with them, and text by escapes in XML: cut in proportion until it fits.
  while (length > carrier.least) {
    const grown = sizeWith(part.data);
    if (grown <= room) break;
    const share = Math.floor((length * (room - frame)) / Math.max(1, grown - frame));
    length = Math.max(carrier.least, Math.min(length - 1, share));
    part = carrier.piece(offset, length);
  }
  return part;
}

/** May go in part with what others have left of a message: a large object, or a Results of several items. */
function mayShare(command: OutgoingCommand): boolean {
  return canChunk(command) || (command.kind === 'Results' && command.items.length > 1);
}

/** Only the data of a command's single item may be chunked. */
function canChunk(command: OutgoingCommand): boolean {
  if (command.kind !== 'Add' && command.kind !== 'Replace' && command.kind !== 'Results') return false;
  if (command.large !== undefined) return command.items.length === 1;
  const data = command.items[0]?.data;
  return command.items.length === 1 && data !== undefined && data.length > MIN_CHUNK;
}

function carrierOf({ large, ...command }: OutgoingCommand, encoding: Encoding): Carrier {
  if (large !== undefined) return sourceCarrier(large, encoding);
  return dataCarrier('items' in command ? (command.items[0]?.data ?? '') : '');
}

/** The Format of octets on their way (DM Tree and Description 1.2, 8.3.7.2). */
function formatIn(encoding: Encoding): string {
  return encoding === 'wbxml' ? 'bin' : 'b64';
}

interface Chunk {
  readonly data: Data;
  readonly more: boolean;
  /** Of the whole object; in the first chunk only. */
  readonly size?: number | undefined;
  /** Instead of the one that the command has. */
  readonly format?: string | undefined;
}

function chunkOf(command: Command, cmdId: string, { data, more, size, format }: Chunk): Command {
  if (!('items' in command)) throw new TypeError(`${command.kind} cannot be chunked`);
  const { data: _whole, moreData: _more, meta, ...rest } = command.items[0] ?? {};
  const { size: _size, ...plain } = meta ?? {};
  const chunkMeta = {
    ...plain,
    ...(format === undefined ? {} : { format }),
    ...(size === undefined ? {} : { size }),
  };
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

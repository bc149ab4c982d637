import type { ByteSource } from '../../base/byte-source.ts';
import { EMPTY_BYTES, utf8 } from '../../base/bytes.ts';
import type { Data, Item, Meta } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { ObjectStore } from './object-store.ts';
import { MemorySink, type Sink, StoreSink } from './sink.ts';

/** What a chunk did: more is due, the object is whole, or it is refused with a Status code. */
export type ChunkOutcome =
  | { readonly kind: 'more'; readonly received: number; readonly total: number }
  /** `stored`: the value as the store keeps it, decoded; the item then has no Data. */
  | { readonly kind: 'whole'; readonly item: Item; readonly stored?: ByteSource }
  | { readonly kind: 'refused'; readonly code: number };

interface Pending {
  readonly command: string;
  readonly uri: string;
  readonly meta: Meta;
  readonly size: number;
  readonly sink: Sink;
  received: number;
}

function lengthOf(data: Data): number {
  return typeof data === 'string' ? utf8(data).length : data.length;
}

function sizeOf(item: Item, commandMeta: Meta | undefined): number | undefined {
  return item.meta?.size ?? commandMeta?.size;
}

export function itemUri(item: Item): string {
  return item.target?.uri ?? item.source?.uri ?? '';
}

export interface AssemblerOptions {
  /** Octets as carried. */
  readonly maxObjSize: number;
  /** Where objects of more than a mebibyte go as they come; without one they are held in memory. */
  readonly store?: ObjectStore | undefined;
}

/** Larger objects go to the store. */
const STORED_FROM = 1024 * 1024;

/**
 * Joins the chunks of one large object (DM Protocol 1.2, 2.2). Sizes count bytes as carried, so base64 text is
 * joined as text and decoded by whoever takes the whole item; what goes to the store is decoded on the way. Nothing
 * is handed out before the last chunk.
 */
export class LargeObjectAssembler {
  readonly #options: AssemblerOptions;
  #pending: Pending | undefined;
  /** An object that was refused before its last chunk: what is still on its way of it is refused too. */
  #refused: { readonly command: string; readonly uri: string; readonly code: number } | undefined;

  constructor(options: AssemblerOptions) {
    this.#options = options;
  }

  /** URI of the object that is being received, if one is. */
  get pendingUri(): string | undefined {
    return this.#pending?.uri;
  }

  /** Forgets a half-received object, e.g. after Alert 1225; returns its URI. */
  abandon(): string | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.sink.discard();
    return pending?.uri;
  }

  /** True when this item does not go on with the object that is being received. */
  breaksOff(command: string, item: Item): boolean {
    return this.#pending !== undefined && (this.#pending.uri !== itemUri(item) || this.#pending.command !== command);
  }

  /**
   * Takes an item. One without MoreData and without an object under way comes back whole at once.
   * Refusals: 411 first chunk without Size, 413 larger than announced, 424 size differs; of the store 420 no room and
   * 400 no base64.
   */
  take(command: string, item: Item, commandMeta: Meta | undefined): ChunkOutcome {
    const pending = this.#pending;
    const outcome = pending === undefined ? this.#first(command, item, commandMeta) : this.#go(pending, item);
    const goesOn = outcome.kind === 'refused' && item.moreData === true;
    this.#refused = goesOn ? { command, uri: itemUri(item), code: outcome.code } : undefined;
    return outcome;
  }

  #first(command: string, item: Item, commandMeta: Meta | undefined): ChunkOutcome {
    const refused = this.#refused;
    const rest = refused !== undefined && refused.command === command && refused.uri === itemUri(item);
    // A new beginning says its Size; the tail of a refused object would be taken for a whole one.
    if (rest && sizeOf(item, commandMeta) === undefined) return { kind: 'refused', code: refused.code };
    if (item.moreData !== true) return { kind: 'whole', item };
    return this.#begin(command, item, commandMeta);
  }

  #begin(command: string, item: Item, commandMeta: Meta | undefined): ChunkOutcome {
    const size = sizeOf(item, commandMeta);
    if (size === undefined || !Number.isSafeInteger(size) || size < 0) {
      return { kind: 'refused', code: Status.SizeRequired };
    }
    const { maxObjSize, store } = this.#options;
    if (size > maxObjSize) return { kind: 'refused', code: Status.RequestEntityTooLarge };
    const meta = { ...commandMeta, ...item.meta };
    const sink = store === undefined || size <= STORED_FROM ? new MemorySink() : StoreSink.begin(store, size, meta);
    if (sink === undefined) return { kind: 'refused', code: Status.DeviceFull };
    const pending: Pending = { command, uri: itemUri(item), meta, size, sink, received: 0 };
    this.#pending = pending;
    return this.#go(pending, item);
  }

  #go(pending: Pending, item: Item): ChunkOutcome {
    const data = item.data ?? EMPTY_BYTES;
    pending.received += lengthOf(data);
    const ends = item.moreData !== true;
    if (pending.received > pending.size || (ends && pending.received < pending.size)) {
      return this.#refuse(Status.SizeMismatch);
    }
    const code = pending.sink.write(data);
    if (code !== undefined) return this.#refuse(code);
    if (!ends) return { kind: 'more', received: pending.received, total: pending.size };
    const whole = pending.sink.end();
    if (typeof whole === 'number') return this.#refuse(whole);
    this.#pending = undefined;
    const { moreData: _last, data: _data, ...rest } = item;
    const bare: Item = { ...rest, meta: pending.meta };
    if (whole.kind === 'stored') return { kind: 'whole', item: bare, stored: whole.value };
    return { kind: 'whole', item: { ...bare, data: whole.data } };
  }

  #refuse(code: number): ChunkOutcome {
    this.abandon();
    return { kind: 'refused', code };
  }
}

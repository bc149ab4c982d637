import type { ByteSource } from '../../base/byte-source.ts';
import { concatBytes, EMPTY_BYTES, utf8 } from '../../base/bytes.ts';
import type { Data, Item, Meta } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';

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
  readonly chunks: Data[];
  received: number;
}

function lengthOf(data: Data): number {
  return typeof data === 'string' ? utf8(data).length : data.length;
}

function join(chunks: readonly Data[]): Data {
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('');
  return concatBytes(chunks.map((chunk) => (typeof chunk === 'string' ? utf8(chunk) : chunk)));
}

function sizeOf(item: Item, commandMeta: Meta | undefined): number | undefined {
  return item.meta?.size ?? commandMeta?.size;
}

export function itemUri(item: Item): string {
  return item.target?.uri ?? item.source?.uri ?? '';
}

/**
 * Joins the chunks of one large object (DM Protocol 1.2, 2.2). Sizes count bytes as carried, so base64 text is
 * joined as text and decoded by whoever takes the whole item. Nothing is handed out before the last chunk.
 */
export class LargeObjectAssembler {
  readonly #maxObjSize: number;
  #pending: Pending | undefined;
  /** An object that was refused before its last chunk: what is still on its way of it is refused too. */
  #refused: { readonly command: string; readonly uri: string; readonly code: number } | undefined;

  constructor(options: { readonly maxObjSize: number }) {
    this.#maxObjSize = options.maxObjSize;
  }

  /** URI of the object that is being received, if one is. */
  get pendingUri(): string | undefined {
    return this.#pending?.uri;
  }

  /** Forgets a half-received object, e.g. after Alert 1225; returns its URI. */
  abandon(): string | undefined {
    const uri = this.#pending?.uri;
    this.#pending = undefined;
    return uri;
  }

  /** True when this item does not go on with the object that is being received. */
  breaksOff(command: string, item: Item): boolean {
    return this.#pending !== undefined && (this.#pending.uri !== itemUri(item) || this.#pending.command !== command);
  }

  /**
   * Takes an item. One without MoreData and without an object under way comes back whole at once.
   * Refusals: 411 first chunk without Size, 413 larger than announced, 424 size differs.
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
    if (size > this.#maxObjSize) return { kind: 'refused', code: Status.RequestEntityTooLarge };
    const meta = { ...commandMeta, ...item.meta };
    const pending: Pending = { command, uri: itemUri(item), meta, size, chunks: [], received: 0 };
    this.#pending = pending;
    return this.#go(pending, item);
  }

  #go(pending: Pending, item: Item): ChunkOutcome {
    const data = item.data ?? EMPTY_BYTES;
    // An opaque chunk is a view of its message: copied, so that the object does not keep every message alive.
    pending.chunks.push(typeof data === 'string' ? data : data.slice());
    pending.received += lengthOf(data);
    if (item.moreData === true) {
      if (pending.received <= pending.size) return { kind: 'more', received: pending.received, total: pending.size };
      this.#pending = undefined;
      return { kind: 'refused', code: Status.SizeMismatch };
    }
    this.#pending = undefined;
    if (pending.received !== pending.size) return { kind: 'refused', code: Status.SizeMismatch };
    const { moreData: _last, ...rest } = item;
    return { kind: 'whole', item: { ...rest, meta: pending.meta, data: join(pending.chunks) } };
  }
}

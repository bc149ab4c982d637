import { Base64Decoder } from '../../base/base64.ts';
import type { ByteSource } from '../../base/byte-source.ts';
import { concatBytes, utf8 } from '../../base/bytes.ts';
import { formatOf } from '../../syncml/item-data.ts';
import type { Data, Meta } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { ObjectStore, ObjectWriter } from './object-store.ts';

/** A whole object. */
type Gathered =
  | { readonly kind: 'data'; readonly data: Data }
  | { readonly kind: 'stored'; readonly value: ByteSource };

/** Where the chunks of one object go. A number is the Status code that says why they do not. */
export interface Sink {
  write(data: Data): number | undefined;
  end(): Gathered | number;
  discard(): void;
}

/** Keeps the chunks as they came. */
export class MemorySink implements Sink {
  readonly #chunks: Data[] = [];

  write(data: Data): undefined {
    // An opaque chunk is a view of its message: copied, so that the object does not keep every message alive.
    this.#chunks.push(typeof data === 'string' ? data : data.slice());
  }

  end(): Gathered {
    return { kind: 'data', data: join(this.#chunks) };
  }

  discard(): void {
    this.#chunks.length = 0;
  }
}

/** Passes the value on to a store, base64 taken off. */
export class StoreSink implements Sink {
  readonly #writer: ObjectWriter;
  readonly #isBase64: boolean;
  #decoder: Base64Decoder | undefined;
  #begun = false;

  constructor(writer: ObjectWriter, meta: Meta) {
    this.#writer = writer;
    this.#isBase64 = formatOf(meta) === 'b64';
  }

  /** `undefined` when the store has no room. */
  static begin(store: ObjectStore, size: number, meta: Meta): StoreSink | undefined {
    const writer = store.begin(size);
    return writer === undefined ? undefined : new StoreSink(writer, meta);
  }

  write(data: Data): number | undefined {
    if (!this.#begun && data.length > 0) this.#choose(data);
    const octets = this.#decoder === undefined ? bytesOf(data) : this.#decoder.push(data);
    if (octets === undefined) return Status.BadRequest;
    return this.#writer.write(octets) ? undefined : Status.DeviceFull;
  }

  end(): Gathered | number {
    const rest = this.#decoder?.end();
    if (this.#decoder !== undefined && rest === undefined) return Status.BadRequest;
    if (rest !== undefined && !this.#writer.write(rest)) return Status.DeviceFull;
    return { kind: 'stored', value: this.#writer.done() };
  }

  discard(): void {
    this.#writer.discard();
  }

  /**
   * Raw octets under Format `b64` contradict it, as in `decodeCarried`; since they are not held here, the first chunk
   * tells for all whether they are base64 text.
   */
  #choose(data: Data): void {
    this.#begun = true;
    if (!this.#isBase64) return;
    if (typeof data === 'string' || new Base64Decoder().push(data) !== undefined) this.#decoder = new Base64Decoder();
  }
}

function join(chunks: readonly Data[]): Data {
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('');
  return concatBytes(chunks.map(bytesOf));
}

function bytesOf(data: Data): Uint8Array {
  return typeof data === 'string' ? utf8(data) : data;
}

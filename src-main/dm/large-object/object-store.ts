import type { ByteSource } from '../../base/byte-source.ts';

/** Where a device keeps the octets of an object that is too large for its memory, while they come and afterwards. */
export interface ObjectStore {
  /** @param size octets as carried; the value has no more. @returns `undefined` when there is no room for it. */
  begin(size: number): ObjectWriter | undefined;
}

/** An object that is coming in. After `done` or `discard` it is not used again. */
export interface ObjectWriter {
  /** False when there is no room for it. */
  write(octets: Uint8Array): boolean;
  done(): ByteSource;
  /** Leaves nothing behind. */
  discard(): void;
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { arch, dlopen, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

/** What `handler` is told; the numbers are those of `EventKind` in native/rfcomm/src/engine.h. */
export const OPEN = 0;
export const FAILED = 1;
export const CALLER = 2;
export const ENDED = 3;
export const CLOSED = 4;

/** Protocol numbers of the addon. */
export const RFCOMM = 0;
export const RECORDS = 1;

export type RfcommHandler = (
  kind: number,
  id: number,
  error: string,
  descriptor: number,
  caller: number,
  address: string,
) => void;

/** The addon as it is; see native/rfcomm/src/addon.cc. */
export interface RfcommBinary {
  /** Digest of the sources that it was built from. */
  readonly sources: string;
  sockets(): string;
  start(handler: RfcommHandler): void;
  connect(protocol: number, address: string, channel: number, limit: number): number;
  listen(protocol: number, adapter: string, channel: number): readonly [id: number, channel: number];
  stop(id: number): void;
  reset(id: number): void;
  hold(on: boolean): void;
  pair(): readonly [number, number];
  meet(port: number, secret: string): void;
  records?(address: string, callback: (error: string, octets: Uint8Array) => void): void;
}

/** Where the binary of this system is, if there is one: beside `src-main`, or beside the archive of a package. */
export function findRfcommBinary(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const parts = ['native', 'rfcomm', 'prebuilt', `${platform}-${arch}`, 'rfcomm.node'];
  const above = ['.', '..', '../..', '../../..', '../../../..', '../../../../..'];
  return above.map((way) => join(here, way, ...parts)).find((path) => existsSync(path));
}

/** @throws whatever the system's loader says. */
export function loadRfcommBinary(path: string): RfcommBinary {
  const module = { exports: {} };
  dlopen(module, path);
  return module.exports as RfcommBinary;
}

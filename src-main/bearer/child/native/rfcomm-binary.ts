import { existsSync, readFileSync } from 'node:fs';
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

/** Octets of the head of a 64-bit program of ELF. */
const ELF_HEAD = 64;

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

/** @throws whatever the system's loader says, or that the file is cut off. */
export function loadRfcommBinary(path: string): RfcommBinary {
  if (isCutOff(path)) throw new Error('the file is cut off');
  const module = { exports: {} };
  dlopen(module, path);
  return module.exports as RfcommBinary;
}

/**
 * Linux maps a program and dies with SIGBUS where the file is shorter than it says. A program of ELF ends with the table
 * of its sections: e_shoff, e_shentsize and e_shnum of its 64-bit head (System V ABI, "ELF Header").
 */
function isCutOff(path: string): boolean {
  const octets = readFileSync(path);
  if (octets.toString('latin1', 0, 5) !== '\x7fELF\x02' || octets.length < ELF_HEAD) return false;
  return Number(octets.readBigUInt64LE(40)) + octets.readUInt16LE(58) * octets.readUInt16LE(60) > octets.length;
}

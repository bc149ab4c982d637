import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { PcAgentError } from '../../base/errors.ts';

/** Magic, length of the payload, its CRC-32, and the CRC-32 of these three; all big-endian. */
const HEADER = 16;
/** `PTJ1`. */
const MAGIC = 0x50544a31;

/** What a journal's file holds, and where the last whole record ends. */
export interface JournalContent {
  readonly records: readonly Buffer[];
  readonly end: number;
}

/** A file of records that is only ever added to; a record counts once it is there whole. */
export class TreeJournal {
  readonly #file: number;
  #end: number;

  /** @param end where the last whole record ends: what is behind it was never acknowledged. */
  constructor(path: string, end: number) {
    this.#file = openSync(path, 'a+', 0o600);
    this.#end = end;
    ftruncateSync(this.#file, end);
  }

  get length(): number {
    return this.#end;
  }

  /** On disk when it returns; when it throws, the file is as it was. */
  append(payload: Buffer): void {
    const header = Buffer.alloc(HEADER);
    header.writeUInt32BE(MAGIC, 0);
    header.writeUInt32BE(payload.length, 4);
    header.writeUInt32BE(crc32(payload), 8);
    header.writeUInt32BE(crc32(header.subarray(0, 12)), 12);
    try {
      writeWhole(this.#file, Buffer.concat([header, payload]));
      fdatasyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, this.#end);
      throw error;
    }
    this.#end += HEADER + payload.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}

export function writeWhole(file: number, octets: Uint8Array): void {
  for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
}

/** Reads a journal; one that is not there is empty. @throws PcAgentError `handset/tree-damaged` */
export function readJournal(path: string): JournalContent {
  try {
    return readRecords(readFileSync(path), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { records: [], end: 0 };
    throw error;
  }
}

/**
 * The records of a journal. A last record that is not whole was being written when the device went down: it is left
 * out. Its octets are missing at the end, or are zero where the disk had the length before the octets.
 * @throws PcAgentError `handset/tree-damaged` when anything else is wrong.
 */
export function readRecords(octets: Buffer, path: string): JournalContent {
  const records: Buffer[] = [];
  let at = 0;
  while (octets.length - at >= HEADER) {
    const header = octets.subarray(at, at + HEADER);
    if (header.readUInt32BE(12) !== crc32(header.subarray(0, 12)) || header.readUInt32BE(0) !== MAGIC) {
      if (isTorn(header) && octets.subarray(at).every((octet, index) => index < HEADER || octet === 0)) break;
      throw damaged(path, at);
    }
    const start = at + HEADER;
    const end = start + header.readUInt32BE(4);
    if (end > octets.length) break;
    const payload = octets.subarray(start, end);
    if (crc32(payload) !== header.readUInt32BE(8)) {
      // JSON has no octet 0: such a record has not been written to its end.
      if (end === octets.length && isTorn(payload)) break;
      throw damaged(path, start);
    }
    records.push(payload);
    at = end;
  }
  return { records, end: at };
}

function isTorn(octets: Buffer): boolean {
  return octets.at(-1) === 0;
}

export function damaged(path: string, offset: number, cause?: unknown): PcAgentError {
  return new PcAgentError('handset/tree-damaged', `${path} is damaged`, {
    offset,
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

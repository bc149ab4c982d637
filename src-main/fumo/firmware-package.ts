import { type ByteSource, piecesOf } from '../base/byte-source.ts';
import { concatBytes, hexOf, strictTextOf, utf8 } from '../base/bytes.ts';
import type { Digest } from '../base/digest.ts';
import { FirmwareResult } from './result-codes.ts';

/**
 * Our own format of firmware packages: FUMO leaves it to makers. Two lines of UTF-8, each ended by LF, then the payload.
 * The first line is `PC-AGENT-FIRMWARE 1`. The second is a JSON object of at most 4096 octets: `model` (of DevInfo/Mod),
 * `from` (list of the FwV that it may be applied to; empty for any), `to` (FwV after it), `size` and `sha256` (lower-case
 * hex) of the payload, which is everything behind the second line.
 */
export interface FirmwareManifest {
  readonly model: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly size: number;
  readonly sha256: string;
}

const MAGIC = 'PC-AGENT-FIRMWARE ';
const VERSION = '1';
const LINE_END = 0x0a;
const MAX_FIRST_LINE = 64;
const MAX_MANIFEST = 4096;
const MAX_TEXT = 256;
const MAX_BASES = 100;

/** Octets from the start that hold both lines of every package. */
export const FIRMWARE_HEAD: number = MAX_FIRST_LINE + MAX_MANIFEST + 2;

export interface FirmwareHead {
  readonly manifest: FirmwareManifest;
  /** Where the payload begins. */
  readonly at: number;
}

/** Both lines of a package, or the result code of an update with it: 402 for what is none, 405 for another version. */
export function readFirmware(source: ByteSource): FirmwareHead | number {
  const head = source.subarray(0, Math.min(FIRMWARE_HEAD, source.length));
  const first = lineAt(head, 0, MAX_FIRST_LINE);
  if (first === undefined || !first.startsWith(MAGIC)) return FirmwareResult.CorruptedPackage;
  if (first.slice(MAGIC.length) !== VERSION) return FirmwareResult.NotAcceptable;
  const start = first.length + 1;
  const second = lineAt(head, start, MAX_MANIFEST);
  const manifest = second === undefined ? undefined : manifestOf(second);
  if (second === undefined || manifest === undefined) return FirmwareResult.CorruptedPackage;
  return { manifest, at: start + utf8(second).length + 1 };
}

export interface FirmwareTarget {
  readonly model: string;
  /** `DevDetail/FwV`. */
  readonly version: string;
}

/** Whether a package may be applied: its manifest, or the result code that says why not. The payload is read in pieces. */
export function checkFirmware(source: ByteSource, target: FirmwareTarget, digest: Digest): FirmwareManifest | number {
  const head = readFirmware(source);
  if (typeof head === 'number') return head;
  const { manifest, at } = head;
  if (!fits(manifest, target)) return FirmwareResult.PackageMismatch;
  if (source.length - at !== manifest.size) return FirmwareResult.CorruptedPackage;
  const payload = {
    length: manifest.size,
    subarray: (from: number, to: number) => source.subarray(at + from, at + to),
  };
  return hexOf(digest.sha256Of(piecesOf(payload))) === manifest.sha256 ? manifest : FirmwareResult.CorruptedPackage;
}

/** For this model, and a step from its firmware. */
export function fits({ model, from }: FirmwareManifest, target: FirmwareTarget): boolean {
  return model === target.model && (from.length === 0 || from.includes(target.version));
}

/** A package of a payload. */
export function writeFirmware(
  { model, from, to }: Omit<FirmwareManifest, 'size' | 'sha256'>,
  payload: Uint8Array,
  digest: Digest,
): Uint8Array {
  const manifest = { model, from, to, size: payload.length, sha256: hexOf(digest.sha256(payload)) };
  return concatBytes([utf8(`${MAGIC}${VERSION}\n${JSON.stringify(manifest)}\n`), payload]);
}

function lineAt(octets: Uint8Array, start: number, most: number): string | undefined {
  const end = octets.indexOf(LINE_END, start);
  return end < 0 || end - start > most ? undefined : strictTextOf(octets.subarray(start, end));
}

function manifestOf(text: string): FirmwareManifest | undefined {
  const said = objectOf(text);
  if (said === undefined) return undefined;
  const { model, from, to, size, sha256 } = said;
  if (!isText(model) || !isText(to) || !Array.isArray(from) || from.length > MAX_BASES || !from.every(isText)) {
    return undefined;
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  return { model, from, to, size, sha256 };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}

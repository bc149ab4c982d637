import { fromBase64, toBase64 } from '../base/base64.ts';
import { type ByteSource, piecesOf } from '../base/byte-source.ts';
import { concatBytes, hexOf, strictTextOf, utf8 } from '../base/bytes.ts';
import type { Digest } from '../base/digest.ts';
import type { SignatureVerifier } from '../base/signature.ts';
import { FirmwareResult } from './result-codes.ts';

/**
 * Our own format of firmware packages: FUMO leaves it to makers. Lines of UTF-8, each ended by LF, then the payload.
 * 1. `PC-AGENT-FIRMWARE 1`, or `PC-AGENT-FIRMWARE 2` for a package that is signed
 * 2. a JSON object of at most 4096 octets: `model` (of DevInfo/Mod), `from` (list of the FwV that it may be applied to;
 *    empty for any), `to` (FwV after it), `size` and `sha256` (lower-case hex) of the payload
 * 3. only of a signed one: the Ed25519 signature (RFC 8032) of the octets of line 2 without its LF, in base64
 */
export interface FirmwareManifest {
  readonly model: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly size: number;
  readonly sha256: string;
}

const MAGIC = 'PC-AGENT-FIRMWARE ';
const UNSIGNED = '1';
const SIGNED = '2';
const LINE_END = 0x0a;
const MAX_FIRST_LINE = 64;
const MAX_MANIFEST = 4096;
const MAX_TEXT = 256;
const MAX_BASES = 100;
/** Octets of an Ed25519 signature, and the characters that they are in base64. */
const SIGNATURE = 64;
const MAX_SIGNATURE = 88;

/** Octets from the start that hold the lines of every package. */
export const FIRMWARE_HEAD: number = MAX_FIRST_LINE + MAX_MANIFEST + MAX_SIGNATURE + 3;

export interface FirmwareHead {
  readonly manifest: FirmwareManifest;
  /** What the signature is of. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array | undefined;
  /** Where the payload begins. */
  readonly at: number;
}

/** The lines of a package, or the result code of an update with it: 402 for what is none, 405 for another version. */
export function readFirmware(source: ByteSource): FirmwareHead | number {
  const head = source.subarray(0, Math.min(FIRMWARE_HEAD, source.length));
  const first = lineAt(head, 0, MAX_FIRST_LINE);
  if (first === undefined || !first.startsWith(MAGIC)) return FirmwareResult.CorruptedPackage;
  const version = first.slice(MAGIC.length);
  if (version !== UNSIGNED && version !== SIGNED) return FirmwareResult.NotAcceptable;
  const start = first.length + 1;
  const second = lineAt(head, start, MAX_MANIFEST);
  const manifest = second === undefined ? undefined : manifestOf(second);
  if (second === undefined || manifest === undefined) return FirmwareResult.CorruptedPackage;
  const signed = utf8(second);
  const third = start + signed.length + 1;
  if (version === UNSIGNED) return { manifest, signed, signature: undefined, at: third };
  const line = lineAt(head, third, MAX_SIGNATURE);
  const signature = line === undefined ? undefined : fromBase64(line);
  if (line === undefined || signature?.length !== SIGNATURE) return FirmwareResult.CorruptedPackage;
  return { manifest, signed, signature, at: third + line.length + 1 };
}

export interface FirmwareTarget {
  readonly model: string;
  /** `DevDetail/FwV`. */
  readonly version: string;
  /** With it only what is signed with its key is taken. */
  readonly verify?: SignatureVerifier | undefined;
}

/** Whether a package may be applied: its manifest, or the result code that says why not. The payload is read in pieces. */
export function checkFirmware(source: ByteSource, target: FirmwareTarget, digest: Digest): FirmwareManifest | number {
  const head = readFirmware(source);
  if (typeof head === 'number') return head;
  const { manifest, at, signed, signature } = head;
  const { verify } = target;
  if (verify !== undefined && (signature === undefined || !verify(signed, signature))) {
    return FirmwareResult.ValidationFailed;
  }
  if (!fits(manifest, target)) return FirmwareResult.PackageMismatch;
  if (source.length - at !== manifest.size) return FirmwareResult.CorruptedPackage;
  const payload = {
    length: manifest.size,
    subarray: (from: number, to: number) => source.subarray(at + from, at + to),
  };
  return hexOf(digest.sha256Of(piecesOf(payload))) === manifest.sha256 ? manifest : FirmwareResult.CorruptedPackage;
}

/** For this model, and a step from its firmware. */
export function fits({ model, from }: FirmwareManifest, target: Pick<FirmwareTarget, 'model' | 'version'>): boolean {
  return model === target.model && (from.length === 0 || from.includes(target.version));
}

/** A package of a payload; signed with what `sign` gives. */
export function writeFirmware(
  { model, from, to }: Omit<FirmwareManifest, 'size' | 'sha256'>,
  payload: Uint8Array,
  digest: Digest,
  sign?: (octets: Uint8Array) => Uint8Array,
): Uint8Array {
  const manifest = { model, from, to, size: payload.length, sha256: hexOf(digest.sha256(payload)) };
  const signed = utf8(JSON.stringify(manifest));
  const title = utf8(`${MAGIC}${sign === undefined ? UNSIGNED : SIGNED}\n`);
  const third = sign === undefined ? '\n' : `\n${toBase64(sign(signed))}\n`;
  return concatBytes([title, signed, utf8(third), payload]);
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

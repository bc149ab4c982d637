import { fromBase64, toBase64 } from '../base/base64.ts';
import type { ByteSource } from '../base/byte-source.ts';
import { concatBytes, hexOf, strictTextOf, utf8 } from '../base/bytes.ts';
import type { Digest } from '../base/digest.ts';

/** What a component cannot do without: another one, in this version or a newer one. */
export interface ComponentNeed {
  readonly id: string;
  readonly version?: string;
}

/** A component as the manifest of its package describes it. */
export interface PackedComponent {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly needs: readonly ComponentNeed[];
}

/**
 * Our own format of delivery packages with several components: SCOMO leaves formats to makers. Three lines of UTF-8,
 * each ended by LF, then the contents of the components one after the other in the order of the manifest.
 * 1. `PC-AGENT-SOFTWARE 1`
 * 2. the manifest, a JSON object of at most 64 KiB: `components`, a list of 1 to 200 objects with `id`, `name`, `version`,
 *    `size`, `sha256` (lower-case hex) and optionally `description` and `needs` (a list of `{"id", "version"?}`), and
 *    optionally `model` (DevInfo/Mod of the only model that it is for)
 * 3. the Ed25519 signature (RFC 8032) of the octets of line 2 without its LF, in base64; empty when it is not signed
 */
export interface SoftwareManifest {
  readonly model?: string;
  readonly components: readonly PackedComponent[];
}

/** `other`: no package of this format, and thus one component. `unknown`: of another version of it. */
export type SoftwareReading =
  | {
      readonly kind: 'bundle';
      readonly manifest: SoftwareManifest;
      /** What the signature is of. */
      readonly signed: Uint8Array;
      readonly signature: Uint8Array | undefined;
      /** Where the first component begins. */
      readonly at: number;
    }
  | { readonly kind: 'other' | 'unknown' | 'damaged' };

const MAGIC = 'PC-AGENT-SOFTWARE ';
const VERSION = '1';
const LINE_END = 0x0a;
const MAX_FIRST_LINE = 64;
const MAX_MANIFEST = 64 * 1024;
/** Octets of an Ed25519 signature, and the characters that they are in base64. */
const SIGNATURE = 64;
const MAX_SIGNATURE = 88;
const MAX_COMPONENTS = 200;
const MAX_NEEDS = 100;
const MAX_TEXT = 256;

/** Octets from the start that hold the three lines of every package. */
export const SOFTWARE_HEAD: number = MAX_FIRST_LINE + MAX_MANIFEST + MAX_SIGNATURE + 3;

/** The lines of a package before its contents; the contents are not looked at. */
export function readSoftware(source: ByteSource): SoftwareReading {
  const head = source.subarray(0, Math.min(SOFTWARE_HEAD, source.length));
  const first = lineAt(head, 0, MAX_FIRST_LINE);
  const title = first === undefined ? undefined : strictTextOf(first);
  if (first === undefined || title?.startsWith(MAGIC) !== true) return { kind: 'other' };
  if (title.slice(MAGIC.length) !== VERSION) return { kind: 'unknown' };
  const signed = lineAt(head, first.length + 1, MAX_MANIFEST);
  const manifest = signed === undefined ? undefined : manifestOf(strictTextOf(signed));
  if (signed === undefined || manifest === undefined) return { kind: 'damaged' };
  const third = first.length + signed.length + 2;
  const line = lineAt(head, third, MAX_SIGNATURE);
  if (line === undefined) return { kind: 'damaged' };
  const signature = line.length === 0 ? undefined : signatureOf(strictTextOf(line));
  if (signature === undefined && line.length > 0) return { kind: 'damaged' };
  return { kind: 'bundle', manifest, signed, signature, at: third + line.length + 1 };
}

/** A package of contents; signed with what `sign` gives. */
export function writeSoftware(
  components: readonly (Omit<PackedComponent, 'size' | 'sha256'> & { readonly content: Uint8Array })[],
  {
    digest,
    model,
    sign,
  }: { readonly digest: Digest; readonly model?: string; readonly sign?: (octets: Uint8Array) => Uint8Array },
): Uint8Array {
  const manifest: SoftwareManifest = {
    ...(model === undefined ? {} : { model }),
    components: components.map(({ content, ...rest }) => ({
      ...rest,
      size: content.length,
      sha256: hexOf(digest.sha256(content)),
    })),
  };
  const signed = utf8(JSON.stringify(manifest));
  const signature = sign === undefined ? '' : toBase64(sign(signed));
  const head = [utf8(`${MAGIC}${VERSION}\n`), signed, utf8(`\n${signature}\n`)];
  return concatBytes([...head, ...components.map(({ content }) => content)]);
}

function lineAt(octets: Uint8Array, start: number, most: number): Uint8Array | undefined {
  const end = octets.indexOf(LINE_END, start);
  return end < 0 || end - start > most ? undefined : octets.subarray(start, end);
}

function signatureOf(text: string | undefined): Uint8Array | undefined {
  const octets = text === undefined ? undefined : fromBase64(text);
  return octets?.length === SIGNATURE ? octets : undefined;
}

function manifestOf(text: string | undefined): SoftwareManifest | undefined {
  const said = text === undefined ? undefined : objectOf(parsed(text));
  if (said === undefined || !Array.isArray(said.components)) return undefined;
  const { model } = said;
  if (model !== undefined && !isText(model)) return undefined;
  if (said.components.length === 0 || said.components.length > MAX_COMPONENTS) return undefined;
  const components = said.components.map(componentOf).filter((each) => each !== undefined);
  if (components.length < said.components.length) return undefined;
  if (new Set(components.map(({ id }) => id)).size < components.length) return undefined;
  return { ...(model === undefined ? {} : { model }), components };
}

function componentOf(value: unknown): PackedComponent | undefined {
  const { id, name, version, description, size, sha256, needs = [] } = objectOf(value) ?? {};
  if (!isText(id) || !isText(name) || !isText(version)) return undefined;
  if (description !== undefined && !isText(description)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (!Array.isArray(needs) || needs.length > MAX_NEEDS) return undefined;
  const wanted = needs.map(needOf).filter((need) => need !== undefined);
  if (wanted.length < needs.length) return undefined;
  return { id, name, version, ...(description === undefined ? {} : { description }), size, sha256, needs: wanted };
}

function needOf(value: unknown): ComponentNeed | undefined {
  const { id, version } = objectOf(value) ?? {};
  if (!isText(id) || (version !== undefined && !isText(version))) return undefined;
  return { id, ...(version === undefined ? {} : { version }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}

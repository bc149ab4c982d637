import { z } from 'zod';
import { PcAgentError } from '../base/errors.ts';

/** Whether a digest or a manifest of the source, or the operator's own hand, vouches for the bytes. */
export type Trust = 'verified' | 'unverified';

/** Where the bytes came from. */
export type PackageOrigin =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

/** Why a content was taken out of use. */
export type QuarantineReason = 'absent' | 'size-mismatch' | 'digest-mismatch';

/** A delivery package that the cache holds. */
export interface CachedPackage {
  /** Unique: a package of the same id takes its place. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Handset model that it is for; empty when it is for any. */
  readonly model: string;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly size: number;
  readonly origin: PackageOrigin;
  readonly trust: Trust;
  readonly state: 'ready' | 'quarantined';
  /** Only when quarantined. */
  readonly reason: QuarantineReason | undefined;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly verifiedAt: string;
  readonly lastUsedAt: string | undefined;
  /** Its first octets, when it is of a format of our own, which tells in them what lies in it. */
  readonly head?: Uint8Array;
}

/** What is said of a package when it is put in; what is missing is taken from its file's or address's name. */
export interface PackageMeta {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly model?: string | undefined;
}

export type CompleteMeta = { readonly [Key in keyof PackageMeta]-?: string };

/** Control characters would reach terminals and screens. */
const printable = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^\P{Cc}*$/u);
const Meta = z.object({
  id: printable(256).min(1),
  name: printable(256).min(1),
  version: printable(64).min(1),
  model: printable(256),
});
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/i);

/**
 * @param stem the file's name without its ending
 * @throws PcAgentError `cache/package-invalid`
 */
export function completeMeta(meta: PackageMeta, stem: string): CompleteMeta {
  const { id = stem, name = stem, version = '1.0', model = '' } = meta;
  const parsed = Meta.safeParse({ id, name, version, model });
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? 'id');
  throw new PcAgentError('cache/package-invalid', `${field} of the package is empty, too long or not printable`, {
    details: { field },
  });
}

/** @throws PcAgentError `cache/package-invalid` */
export function checkedDigest(text: string): string {
  if (Sha256.safeParse(text).success) return text.toLowerCase();
  throw new PcAgentError('cache/package-invalid', 'a SHA-256 digest is 64 hexadecimal digits', {
    details: { field: 'sha256' },
  });
}

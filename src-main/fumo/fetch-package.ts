import type { ByteSource } from '../base/byte-source.ts';

/** What came of a download. */
export type FetchedPackage =
  | { readonly kind: 'fetched'; readonly content: ByteSource }
  /** With the result code of the operation. */
  | { readonly kind: 'failed'; readonly code: number };

/**
 * The handset's own way to a URL, of a package or of its download descriptor. Rejects only when the handset is about to
 * end: the download then begins anew at its next start.
 */
export type FetchPackage = (url: string) => Promise<FetchedPackage>;

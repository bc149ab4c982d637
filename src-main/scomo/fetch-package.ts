import type { ByteSource } from '../base/byte-source.ts';

/** What came of a download. */
export type FetchedSoftware =
  | {
      readonly kind: 'fetched';
      readonly content: ByteSource;
      /** MIME type; empty when nobody said any. */
      readonly type: string;
      /** The content is of no more use. */
      readonly release?: () => void;
    }
  /** With the result code of the operation. */
  | { readonly kind: 'failed'; readonly code: number };

/**
 * The handset's own way to a URL, of a package or of its download descriptor. Rejects only when the handset is about to
 * end: the download then begins anew at its next start.
 */
export type FetchSoftware = (url: string) => Promise<FetchedSoftware>;

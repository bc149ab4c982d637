/**
 * Where the DM server of one session is (DM Protocol 1.2, 2.3). `more`: Alert 1222 went out, and the client has to say
 * something new.
 * - `setup`: package 1 is awaited or not complete
 * - `asked`: our package is whole at the client; its answer is awaited or not complete
 * - `sending`: our package is open: more of it goes out with our next message, of a large object when `object`
 * - `closing`: everything was said; a late alert of the client is still answered
 * - `ended`: nothing is answered any more but the last message once more
 */
export type DmServerPhase =
  | { readonly kind: 'setup'; readonly more: boolean }
  | { readonly kind: 'asked'; readonly more: boolean }
  | { readonly kind: 'sending'; readonly more: boolean; readonly object: boolean }
  | { readonly kind: 'closing'; readonly more: boolean }
  | { readonly kind: 'ended' };

export const ENDED: DmServerPhase = Object.freeze({ kind: 'ended' });

/**
 * One element of a SyncML document, the same whether it came from WBXML or XML. The codecs make and take it;
 * `syncml/` gives it meaning.
 */
export interface Element {
  /**
   * Code page, which stands for the namespace: 0 SyncML, 1 MetInf, 2 DM DDF (TNDS). A document of another kind
   * (DevInf) counts from its own page 0.
   */
  readonly page: number;
  /** Local name. An unknown WBXML tag is called `page:token` in hex, e.g. `0:3e`, and stays in the tree. */
  readonly name: string;
  /** Child elements in document order. Shared and empty for a leaf. */
  readonly children: readonly Element[];
  /**
   * Character content. Text is a string; one opaque value is a view of the message (never a copy); `undefined` when
   * there is none. An element with an empty text or an empty opaque value has `undefined` too: `<Data/>` is known by
   * the element's presence.
   */
  readonly content: string | Uint8Array | undefined;
}

export const NO_CHILDREN: readonly Element[] = Object.freeze([]);

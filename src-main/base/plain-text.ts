/** A name or a version is far shorter. */
const MAX_TEXT = 100;
/** What cannot be seen, or turns the direction of what follows. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** The first half of a character that was cut in two. */
const HALF = /[\uD800-\uDBFF]$/;

/** A text that somebody unknown has written, as it may be shown; `undefined` when nothing is left of it. */
export function plainText(text: string | undefined, length = MAX_TEXT): string | undefined {
  const plain = text?.replace(UNSEEN, ' ').trim().slice(0, length).replace(HALF, '').trim();
  return plain === undefined || plain === '' ? undefined : plain;
}

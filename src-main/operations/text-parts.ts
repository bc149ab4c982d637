import { setImmediate as nextTurn } from 'node:timers/promises';

/** UTF-16 units of a part: in UTF-8 each is three octets at most, so that a part has no more than 64 KiB. */
const PART = 21_000;

export interface TextPart {
  readonly text: string;
}

/** Sends a text as parts of at most 64 KiB, with a turn of the event loop between two. @throws the signal's reason */
export async function sendText(
  pieces: Iterable<string>,
  part: (part: TextPart) => unknown,
  signal: AbortSignal,
): Promise<void> {
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    while (waiting.length > PART) {
      const end = cutAt(waiting);
      await part({ text: waiting.slice(0, end) });
      waiting = waiting.slice(end);
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  if (waiting !== '') await part({ text: waiting });
}

/** Not between the halves of a character. */
function cutAt(text: string): number {
  const last = text.charCodeAt(PART - 1);
  return last >= 0xd800 && last <= 0xdbff ? PART - 1 : PART;
}

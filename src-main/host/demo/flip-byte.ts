import type { RelaySessionOptions } from '../../relay/relay-session.ts';

/** Changes the lowest bit of one byte, in the third message from the DMS that is passed on: what the ends must notice. */
export function flipByte(): NonNullable<RelaySessionOptions['tamper']> {
  let count = 0;
  return (envelope, direction) => {
    if (direction !== 'to-handset') return envelope;
    count += 1;
    if (count !== 3) return envelope;
    const body = envelope.body.slice();
    // Inside the text of the header's Target: the message stays readable, only its bytes differ.
    const at = Math.min(45, body.length - 1);
    body[at] = (body[at] ?? 0) ^ 1;
    return { ...envelope, body };
  };
}

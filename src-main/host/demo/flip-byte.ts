import type { RelaySessionOptions } from '../../relay/relay-session.ts';

/** Changes the lowest bit of one byte, in the third message from the DMS that is passed on: what the ends must notice. */
export function flipByte(): NonNullable<RelaySessionOptions['tamper']> {
  let count = 0;
  return (envelope, direction) => {
    if (direction !== 'to-handset') return envelope;
    count += 1;
    if (count !== 3) return envelope;
    const body = envelope.body.slice();
    // Inside the address in the header's Source: the message stays readable and is for this handset, only its bytes differ.
    const at = Math.max(0, Buffer.from(body).indexOf('http'));
    body[at] = (body[at] ?? 0) ^ 1;
    return { ...envelope, body };
  };
}

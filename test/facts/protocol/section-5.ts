import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 5: what a relay may do with a message. */
export const facts: readonly Fact[] = [
  { id: 'DMP-5-01', text: 'bodies pass a relay unchanged, so that a mac still fits them' },
  { id: 'DMP-5-02', text: 'x-syncml-hmac is copied between the HTTP header and OBEX header 0x30, both ways' },
  { id: 'DMP-5-03', text: 'encoding, RespURI, sizes, MsgID and nonces are the business of the two ends' },
];

import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 4: authentication. */
export const facts: readonly Fact[] = [
  { id: 'DMP-4-01', text: 'auth-basic: Cred with Format b64 holds base64 of user:password' },
  { id: 'DMP-4-02', text: 'auth-md5: Cred holds base64 of H(B64(H(user:password)) : nonce)' },
  {
    id: 'DMP-4-03',
    text: 'auth-MAC: H(B64(H(user:password)) : nonce : B64(H(body))) beside the message and never in Cred; no RFC 2104',
  },
  { id: 'DMP-4-04', text: 'a nonce is the octets that NextNonce decodes to, not its text' },
  {
    id: 'DMP-4-05',
    text: 'the user is Source/LocName; the server proves itself by its own pair, the client by another',
  },
  { id: 'DMP-4-06', text: 'published pair, nonce and digests are reproduced' },
  { id: 'DMP-4-07', text: '407 with Chal: nothing was shown; repeat with the type that is asked for' },
  { id: 'DMP-4-08', text: '401 with Chal: wrong or too weak; repeat once with the new nonce, a second 401 is final' },
  { id: 'DMP-4-09', text: '212 holds for the session; a Chal with it has the nonce of the next session' },
  { id: 'DMP-4-10', text: '200 holds for one message; a Chal with it has the nonce of the next message' },
  { id: 'DMP-4-11', text: 'auth-MAC is answered by 200 and a fresh nonce every time' },
  { id: 'DMP-4-12', text: 'MAC that was begun is used to the end of the session' },
  { id: 'DMP-4-13', text: 'a rejecting message has Statuses alone, one a command, all of the code of the header' },
  { id: 'DMP-4-14', text: 'only commands whose own Status was 401 or 407 are sent again' },
  {
    id: 'DMP-4-15',
    text: 'no Cred is 407, a wrong one or none after a challenge is 401; a handset asks its server likewise',
  },
  { id: 'DMP-4-16', text: 'a handset may let its server go unproved; the server then sees no challenge' },
  { id: 'DMP-4-17', text: 'basic credentials without Meta are taken as base64' },
  { id: 'DMP-4-18', text: 'after 212 Cred may be left out, and the user stays that of the session' },
  {
    id: 'DMP-4-19',
    text: 'a challenge in package 2 leads back to package 1: same SessionID, next MsgID, to RespURI, with the Status of the header',
  },
  {
    id: 'DMP-4-20',
    text: 'a server that shows nothing good, asks for nothing and challenges nobody is not challenged back',
  },
  { id: 'DMP-4-21', text: 'an answer of another type than the challenge asked for ends the session' },
  {
    id: 'DMP-4-22',
    text: 'before a challenge the last nonce that is known is used; when it fails one more challenge is due',
  },
  { id: 'DMP-4-23', text: 'a nonce of a peer that proved nothing may serve the retry and is not kept' },
  { id: 'DMP-4-24', text: 'nonces have 128 bits or more' },
  { id: 'DMP-4-25', text: 'auth-md5 is built on both sides, and is what is demanded unless told otherwise' },
  { id: 'DMP-4-26', text: 'AAuthPref says which type the client tries first' },
  {
    id: 'DMP-4-27',
    text: 'x-syncml-hmac: algorithm (optional, MD5), quoted username and base64 mac, with commas between, in any order',
  },
  { id: 'DMP-4-28', text: 'the mac covers exactly the octets that are sent, be they XML or WBXML' },
  { id: 'DMP-4-29', text: 'no header, or one without user, is a failed authentication' },
  { id: 'DMP-4-30', text: 'over OBEX the same text travels in the user-defined Unicode header 0x30' },
  { id: 'DMP-4-31', text: 'both worked examples of the mac are reproduced' },
  { id: 'DMP-4-32', text: 'passwords have 128 bits, and each client has its own for the server, where we make them' },
];

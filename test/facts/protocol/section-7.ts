import type { Fact } from '../fact.ts';

/** HTTP binding of DM 1.2. */
export const facts: readonly Fact[] = [
  { id: 'DMP-7-01', text: 'a message is the body of a POST, and the body of its answer is the message that answers' },
  { id: 'DMP-7-02', text: 'the first one goes to the address of the account, later ones to the latest RespURI' },
  { id: 'DMP-7-03', text: 'HTTP/1.1 with Host; a peer of HTTP/1.0, at either end, is understood' },
  { id: 'DMP-7-04', text: 'ours waits for no 100 Continue; who waits for it gets it' },
  {
    id: 'DMP-7-05',
    text: 'the type of a message is the registered one of its encoding; WBXML goes out without parameters',
  },
  { id: 'DMP-7-06', text: 'a type that comes is compared without its parameters and whatever its letter case' },
  { id: 'DMP-7-07', text: 'Accept names exactly the type that was sent; a client without Accept is served' },
  { id: 'DMP-7-08', text: 'Accept-Charset is utf-8' },
  { id: 'DMP-7-09', text: 'Cache-Control is no-store in a request, private and no-store in an answer' },
  { id: 'DMP-7-10', text: 'Content-Length is sent; chunks are understood in requests and answers' },
  { id: 'DMP-7-11', text: 'User-Agent names the product, and nobody has to send it' },
  { id: 'DMP-7-12', text: 'Accept-Language may be there and changes nothing' },
  { id: 'DMP-7-13', text: 'x-syncml-hmac goes along in both directions' },
  { id: 'DMP-7-14', text: 'an answer is in the encoding of its request' },
  { id: 'DMP-7-15', text: 'a SyncML answer comes with 200, also where it refuses the credentials' },
  { id: 'DMP-7-16', text: 'any 2xx with a body is an answer; 204, or no body, is none' },
  { id: 'DMP-7-17', text: 'a body that is larger than the client takes is a failure' },
  { id: 'DMP-7-18', text: '429 with Retry-After: wait so long and send the same bytes again; the wait has a limit' },
  {
    id: 'DMP-7-19',
    text: '401 and 407 are about HTTP itself; like all other 4xx and 5xx they are failures of the transport',
  },
  { id: 'DMP-7-20', text: 'the token of a session in RespURI is kept, and so are cookies' },
  {
    id: 'DMP-7-21',
    text: 'TLS: a client must have it; its versions and ciphers of 2007 are given up for TLS 1.2 and newer',
    why: 'TLS ciphers: they are the platform’s, which takes nothing older than TLS 1.2',
  },
];

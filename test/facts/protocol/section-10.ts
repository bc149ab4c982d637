import type { Fact } from '../fact.ts';

/** Bootstrap, as the protocol sheet has it. */
export const facts: readonly Fact[] = [
  { id: 'DMP-10-01', text: 'client provisioning: wap-provisioningdoc with an APPLICATION whose APPID is w7' },
  {
    id: 'DMP-10-02',
    text: 'types application/vnd.wap.connectivity-wbxml and text/vnd.wap.connectivity-xml with SEC and MAC',
  },
  { id: 'DMP-10-03', text: 'the sum is hex in either letter case; ours write capitals' },
  { id: 'DMP-10-04', text: 'DM profile: an ordinary DM message in WBXML that adds a serialized tree to the Inbox' },
  { id: 'DMP-10-05', text: 'nobody answers a bootstrap message' },
  { id: 'DMP-10-06', text: 'DM profile: application/vnd.syncml.dm+wbxml with SEC by name and MAC' },
  { id: 'DMP-10-07', text: 'a smart card may hold the document', why: 'smart card' },
  { id: 'DMP-10-08', text: 'PROVIDER-ID becomes ServerID and NAME Name' },
  { id: 'DMP-10-09', text: 'APPADDR with ADDR, ADDRTYPE and PORT/PORTNBR becomes AppAddr' },
  { id: 'DMP-10-10', text: 'AAUTHLEVEL APPSRV becomes CLCRED, CLIENT becomes SRVCRED; OBEX stays' },
  { id: 'DMP-10-11', text: 'AAUTHTYPE, AAUTHNAME, AAUTHSECRET and AAUTHDATA keep what they say' },
  { id: 'DMP-10-12', text: 'the server of the account gets Get, Replace and Delete on it' },
  { id: 'DMP-10-13', text: 'INIT, TO-NAPID and TO-PROXY occur too' },
  {
    id: 'DMP-10-14',
    text: 'a client should start a session of its own after a bootstrap where it can',
    why: 'a handset on a cable has nobody to call; the PC calls it',
  },
  { id: 'DMP-10-15', text: 'SEC 0, NETWPIN: the key is the IMSI in semi-octets' },
  { id: 'DMP-10-16', text: 'SEC 1, USERPIN: the key is the digits of the PIN in ASCII' },
  { id: 'DMP-10-17', text: 'SEC 2, USERNETWPIN: the IMSI in semi-octets and the PIN behind it' },
  {
    id: 'DMP-10-18',
    text: 'SEC 3, USERPINMAC: the PIN is a key and behind it as many digits of the sum; there is no MAC',
  },
  { id: 'DMP-10-19', text: 'the sum is HMAC-SHA1 of the document' },
  {
    id: 'DMP-10-20',
    text: 'semi-octets: 9 before an odd number of digits, 1 before and F behind an even one, digits of a pair swapped',
  },
  {
    id: 'DMP-10-21',
    text: 'DM profile: NETWORKID and USERPIN, and USERPIN_NETWORKID whose secret is PIN, colon, network secret',
  },
  { id: 'DMP-10-22', text: 'DM profile: HMAC-SHA1 over the WBXML; the worked example with key 1234' },
];

import type { Fact } from '../fact.ts';

const DISCOVERY = 'discovery comes with the cable and radio bearers';

/** OBEX binding of DM 1.2. */
export const facts: readonly Fact[] = [
  {
    id: 'DMP-9-01',
    text: 'called by a server: the PC is OBEX client, CONNECT, PUT package 0, GET, PUT, GET …, DISCONNECT',
  },
  { id: 'DMP-9-02', text: 'begun by the handset: it is OBEX client, CONNECT, PUT package 1, GET, PUT, GET …' },
  {
    id: 'DMP-9-03',
    text: 'the OBEX client PUTs what it says and GETs what the other says, whichever of the two is the DM client',
  },
  { id: 'DMP-9-04', text: 'Target of CONNECT is the nine octets SYNCML-DM; the one of data sync is another service' },
  { id: 'DMP-9-05', text: 'the answer has one ConnectionID, and one Who that is the Target' },
  {
    id: 'DMP-9-06',
    text: 'PUT: ConnectionID first, Type with its NUL, usually Length, hmac in 0x30 where there is one; no body is wrong',
  },
  { id: 'DMP-9-07', text: 'PUT is answered by 0x90 while more comes, by 0xA0 at the end' },
  {
    id: 'DMP-9-08',
    text: 'GET: ConnectionID and the wanted Type, no Name; its answer may lack Type and Length, 0x90 before the last packet',
  },
  { id: 'DMP-9-09', text: 'ABORT names the connection, is answered by 0xA0 and ends the exchange of messages' },
  { id: 'DMP-9-10', text: 'DISCONNECT names the connection and is answered by 0xA0' },
  { id: 'DMP-9-11', text: 'all messages of a session go through one connection' },
  {
    id: 'DMP-9-12',
    text: 'a peer may want OBEX authentication of CONNECT: 0xC1 with a challenge; credentials for that are none of DM',
  },
  { id: 'DMP-9-13', text: 'types are compared whatever their letter case, without NUL and blanks at the end' },
  {
    id: 'DMP-9-14',
    text: 'handsets offer the service over USB, Bluetooth and IrDA, on Bluetooth to who is paired only',
    why: DISCOVERY,
  },
  { id: 'DMP-9-15', text: 'packets of up to 65535 octets are announced by both ends' },
  { id: 'DMP-9-16', text: 'the first PUT after CONNECT is package 0 to a handset, whatever it is' },
  { id: 'DMP-9-17', text: 'GET waits until there is a message: 300 s unless told otherwise, and it can be broken off' },
  { id: 'DMP-9-18', text: 'a handset takes a message of 65535 octets, and no longer one' },
  {
    id: 'DMP-9-19',
    text: 'a handset was seen to go away 180 s after a disconnect',
    why: 'a pure remark: who calls finds nobody, whatever the time',
  },
  {
    id: 'DMP-9-20',
    text: 'after a server package without commands and challenge the PC does not GET: it disconnects',
  },
  { id: 'DMP-9-21', text: 'a handset takes its own encoding and notifications, and no other type' },
  { id: 'DMP-9-22', text: 'after disconnect, abort and loss a handset expects package 0' },
  { id: 'DMP-9-23', text: 'a type that is not served: 0xCF' },
  { id: 'DMP-9-24', text: 'a message that is too long: 0xCD' },
  { id: 'DMP-9-25', text: 'stopped or busy: 0xD3' },
  { id: 'DMP-9-26', text: 'a failure or a time-out inside the service: 0xD0' },
  { id: 'DMP-9-27', text: 'a request that is not supported or cannot be read: 0xC0' },
  { id: 'DMP-9-28', text: 'nothing there: 0xC4' },
  { id: 'DMP-9-29', text: 'another ConnectionID: 0xD3, to DISCONNECT too; link and connection stay' },
  {
    id: 'DMP-9-30',
    text: 'the ConnectionID is always sent; where it is missing the only open connection is meant',
  },
  { id: 'DMP-9-31', text: 'CONNECT while an operation runs: 0xC9, and the operation goes on' },
  {
    id: 'DMP-9-32',
    text: 'a Target that nobody serves: ours says 0xC4, any error means the same; another CONNECT may follow',
  },
  { id: 'DMP-9-33', text: 'OBEX authentication that is wanted: 0xC1, passed on with its number' },
  { id: 'DMP-9-34', text: 'what is wrong in SyncML is said in a Status, within 0xA0' },
  {
    id: 'DMP-9-35',
    text: 'Bluetooth: four service classes of 128 bits; a handset to be managed shows that of the DM client',
    why: DISCOVERY,
  },
  {
    id: 'DMP-9-36',
    text: 'attributes of the service record: class, protocols down to the channel, group, profile, name',
    why: DISCOVERY,
  },
  { id: 'DMP-9-37', text: 'USB: an OBEX interface whose string is SYNCML-DM', why: DISCOVERY },
  { id: 'DMP-9-38', text: 'IrDA: class OBEX, TinyTP; the Target chooses the service', why: DISCOVERY },
  { id: 'DMP-9-39', text: 'a serial cable: AT commands switch it to OBEX' },
  {
    id: 'DMP-9-40',
    text: 'services of makers, and records with the base of another maker: both bases are known',
    why: DISCOVERY,
  },
];

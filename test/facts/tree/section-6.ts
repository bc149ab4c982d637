import type { Fact } from '../fact.ts';

/** Standard objects: DM Standardized Objects 1.2, as the tree sheet has them. */
export const facts: readonly Fact[] = [
  {
    id: 'TREE-6-01',
    text: 'identifiers of the objects DMAcc, DevInfo, DevDetail and Inbox are the type of their roots',
  },
  { id: 'TREE-6-02', text: 'DMAcc, DevInfo and DevDetail are in every client; an Inbox may be' },
  {
    id: 'TREE-6-03',
    text: 'DevInfo is permanent, with DevId, Man, Mod, DmV and Lang of format chr, readable and nothing else',
  },
  { id: 'TREE-6-04', text: 'package 1 carries the five leaves of DevInfo' },
  { id: 'TREE-6-05', text: 'DevId is a globally unique URN-like identifier such as IMEI: and digits' },
  { id: 'TREE-6-06', text: 'DevInfo may have Ext, and Bearer, with children of any kind' },
  { id: 'TREE-6-07', text: 'DevDetail has DevTyp, OEM, FwV, SwV and HwV, chr, once each' },
  { id: 'TREE-6-08', text: 'DevDetail/LrgObj is a bool: true where large objects are taken' },
  {
    id: 'TREE-6-09',
    text: 'DevDetail/URI has the limits of depth, whole length and segment length, decimal, 0 for none',
  },
  { id: 'TREE-6-10', text: 'DevDetail may have Ext and Bearer' },
  { id: 'TREE-6-11', text: 'DMAcc is one node an account with AppID w7 and ServerID, both readable chr' },
  { id: 'TREE-6-12', text: 'DMAcc may have Name, PrefConRef and ToConRef with a ConRef for each connection' },
  { id: 'TREE-6-13', text: 'AppAddr has one node an address with Addr and AddrType: URI by default, IPv4 or IPv6' },
  { id: 'TREE-6-14', text: 'an address may have ports, each a node with PortNbr, a decimal number of 16 bits' },
  { id: 'TREE-6-15', text: 'AAuthPref is the type of proof that the client tries first' },
  {
    id: 'TREE-6-16',
    text: 'AppAuth has one node a set of credentials; AAuthLevel CLCRED is client to server, SRVCRED the other way',
  },
  {
    id: 'TREE-6-17',
    text: 'AAuthType BASIC, DIGEST and HMAC are basic, MD5 and MAC; other types exist and are not for everybody',
  },
  { id: 'TREE-6-18', text: 'AAuthName is the user name; for SRVCRED the server identifier' },
  { id: 'TREE-6-19', text: 'AAuthSecret is chr and cannot be read' },
  { id: 'TREE-6-20', text: 'AAuthData is bin, holds the nonce, and cannot be read' },
  {
    id: 'TREE-6-21',
    text: 'OBEX and HTTP levels are credentials of the layer below, for HTTP-BASIC, HTTP-DIGEST and TRANSPORT only',
  },
  { id: 'TREE-6-22', text: 'Get is the least access of an account; ACLs let a server replace and delete it' },
  {
    id: 'TREE-6-23',
    text: 'DM 1.1.2 has one flat node: Addr, AddrType, PortNbr, ConRef, ServerId, ServerPW, ServerNonce, UserName, ClientPW, ClientNonce, AuthPref, Name',
  },
  { id: 'TREE-6-24', text: 'some 1.2 clients carry the type org.openmobilealliance/1.0/w7 on DMAcc' },
  { id: 'TREE-6-25', text: 'the Inbox takes Add only; a Get on it or below it is answered by 405' },
  { id: 'TREE-6-26', text: 'an object that is added to the Inbox goes to its own place by its identifier' },
  {
    id: 'TREE-6-27',
    text: 'manufacturer, model, OEM and the versions together name a build of the software',
    why: 'a remark on values; nothing reads them together',
  },
  { id: 'TREE-6-28', text: 'DMAcc may have Ext, a node with what its maker adds' },
];

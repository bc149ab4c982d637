import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 1: the packages of a session. */
export const facts: readonly Fact[] = [
  { id: 'DMP-1-01', text: 'package 0 goes from server to client, out of band' },
  { id: 'DMP-1-02', text: 'package 1: header, Alert 1200 or 1201, a Replace of the DevInfo leaves, Final' },
  { id: 'DMP-1-03', text: 'package 1 may bring credentials, sizes, and alerts 1224 and 1226' },
  { id: 'DMP-1-04', text: 'package 2: a Status for the header, each alert and the Replace, then commands or none' },
  { id: 'DMP-1-05', text: 'package 3: a Status for the header and each command, Results where a Get went well, Final' },
  { id: 'DMP-1-06', text: 'package 3 may bring alerts 1224 and 1226' },
  { id: 'DMP-1-07', text: 'package 4: Statuses for header and alerts; with commands in it package 3 follows again' },
  { id: 'DMP-1-08', text: 'a server package without command and challenge ends the session, and is not answered' },
  { id: 'DMP-1-09', text: 'a server answers each package of its client' },
  { id: 'DMP-1-10', text: 'no time limits between packages belong to the protocol' },
  { id: 'DMP-1-11', text: 'only a server sends management commands; those of a client are refused' },
];

import type { UseCase } from './use-case.ts';

/** Parts of the architecture and the interfaces between them. */
export const useCases: readonly UseCase[] = [
  { id: 'CMP-01', title: 'the software object is found in the tree by its type and read' },
  { id: 'CMP-02', title: 'the handset does every operation and reports how it ended, well or badly' },
  { id: 'CMP-03', title: 'the DM client is discovered, gives parameters and tree, and sends the final alert (1226)' },
  { id: 'CMP-04', title: 'a package comes by descriptor and HTTP too, and where that is missing it is said' },
  { id: 'CMP-05', title: 'a DM server discovers, chooses, delivers as a large object and hears the alert' },
  { id: 'CMP-06', title: 'what an outside system asks for becomes DM commands on the handset' },
  { id: 'CMP-07', title: 'commands go down, Statuses and alerts come up, in the order of the journal' },
  { id: 'CMP-08', title: 'DM authentication both ways (Basic, MD5, HMAC) is all the security there is' },
  {
    id: 'CMP-09',
    title: 'nothing of the first version waits for a later phase',
    remark:
      'every operation node of the object is executed in one session, and none answers that it is not implemented',
  },
];

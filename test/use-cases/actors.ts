import type { UseCase } from './use-case.ts';

/** Who takes part, and what the words stand for. */
export const useCases: readonly UseCase[] = [
  { id: 'ACT-01', title: 'PC Agent lists attached handsets and their DM servers, and is itself no managed device' },
  { id: 'ACT-02', title: 'handsets of several models at one PC, each known by what its DevInfo says' },
  { id: 'ACT-03', title: 'several DM servers, each with a ServerID, credentials and rights of its own' },
  { id: 'ACT-04', title: 'the ACL on the handset limits a server, and a refusal (425) names that server' },
  { id: 'ACT-05', title: 'its user answers at the handset or at the PC, and a No or a cancel counts' },
  { id: 'ACT-06', title: 'a package tells who provides it, in which version, and where it came from' },
  { id: 'ACT-07', title: 'an outside system queues work for a handset and follows it' },
  {
    id: 'ACT-08',
    title: 'serial line, USB and Bluetooth as links, and which one it is can be seen',
    hardware: {
      why: 'a Bluetooth radio',
      without:
        'USB, serial ports and Bluetooth controllers in software of a virtual machine, a pair of pseudo-terminals and TCP, each with its kind of link',
    },
  },
  { id: 'ACT-09', title: 'packages and components are kept, and put back later without a network' },
  { id: 'ACT-10', title: 'the inventory when asked for, and what a handset reports of its own accord' },
  {
    id: 'ACT-11',
    title: 'a handset that is plugged in or paired is there without any set-up',
    hardware: {
      why: 'a Bluetooth radio',
      without:
        'a plug of a virtual machine, a phone that is found and paired there over controllers in software, and a known handset that goes and comes back on its address',
    },
  },
  { id: 'ACT-12', title: 'a policy of what has to be installed is compared with what is' },
  {
    id: 'ACT-13',
    title: 'download, install, update, remove, activate, deactivate and inventory, each with its report',
  },
  { id: 'ACT-14', title: 'add, replace, delete and get on nodes of the software object' },
  { id: 'ACT-15', title: 'a component is made available or not on command, and the list shows it' },
  { id: 'ACT-16', title: 'a package whose signature is wrong fails as such: 1407 for software, 404 for firmware' },
];

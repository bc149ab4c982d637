import type { UseCase } from './use-case.ts';

/** What is particular to an agent on a PC. */
export const useCases: readonly UseCase[] = [
  { id: 'PCA-01', title: 'a session goes through the PC with every message as it was' },
  { id: 'PCA-02', title: 'packages, descriptors and firmware are kept on the PC: listed, verified, taken away' },
  { id: 'PCA-03', title: 'without a network what is kept is installed, and the report goes out later' },
  {
    id: 'PCA-04',
    title: 'a plugged handset is there in seconds and gone when unplugged; its job goes on or fails cleanly',
    hardware: {
      why: 'a Bluetooth radio',
      without:
        'USB, serial ports and links between controllers in software of a virtual machine that are pulled, and an address that goes and comes back',
    },
  },
  { id: 'PCA-05', title: 'any job can be stopped, and the handset hears of it' },
  { id: 'PCA-06', title: 'no key and no password is in a log or on the screen' },
  { id: 'PCA-07', title: 'one handset at home, the same job for many in a shop, policies and reports in a company' },
  { id: 'PCA-08', title: 'each message of a session can be read decoded' },
];

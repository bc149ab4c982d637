import type { UseCase } from './use-case.ts';

/** Requirements that have a number of their own. */
export const useCases: readonly UseCase[] = [
  {
    id: 'SCOMO-HLFR-9',
    title: 'related components are installed by one operation, or none of them',
    remark: 'a killed process stands for the loss of power',
  },
  { id: 'SCOMO-OSR-DMS-07', title: 'DM servers can order such an installation' },
  { id: 'SCOMO-OSR-Device-08', title: 'handsets can do it, and take back half of one' },
  {
    id: 'REV-1',
    title: 'atomicity is of installations only',
    remark: 'of two orders in one Atomic the removal stays done though the activation beside it fails',
  },
];

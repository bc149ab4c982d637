import { milliseconds } from '../../base/durations.ts';
import type { SerialTraits } from '../../bearer/serial/at-switch.ts';
import { handsetTraits } from './handset-traits.ts';

/** What the serial bearer does differently with a handset that has named its maker. */
export function serialTraits(manufacturer: string): SerialTraits {
  const { atFirst, settleAfterConnect } = handsetTraits({ manufacturer });
  return {
    ...(atFirst === undefined ? {} : { first: atFirst }),
    ...(settleAfterConnect === undefined ? {} : { settle: milliseconds(settleAfterConnect) }),
  };
}

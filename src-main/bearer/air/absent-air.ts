import type { Air, AirView } from './air.ts';
import { noAir } from './no-air.ts';

const VIEW: AirView = { reason: 'air/not-supported', adapters: [], phones: [], searching: false };

/** Bluetooth of a system where only the system itself finds and pairs phones. */
export function absentAir(): Air {
  const refuse = (): Promise<never> => Promise.reject(noAir('air/not-supported'));
  return {
    view: VIEW,
    follow: (listener) => {
      let on = true;
      queueMicrotask(() => on && listener(VIEW));
      return () => {
        on = false;
      };
    },
    look: async () => VIEW,
    search: refuse,
    pair: refuse,
    forget: refuse,
    show: refuse,
    offer: async () => ({ reason: 'air/not-supported', close: async () => undefined }),
    close: async () => undefined,
  };
}

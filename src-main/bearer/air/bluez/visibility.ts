import { type Duration, seconds } from '../../../base/durations.ts';
import type { CallOptions } from './bus.ts';
import type { BluezLink } from './link.ts';
import { ADAPTER, type AdapterObject, PROPERTIES } from './objects.ts';

type Setting = readonly [property: string, signature: string, value: unknown];

/** How long leaving the adapters as they were may take. */
const BACK_LIMIT = seconds(2);

/**
 * Lets other devices see these adapters and ask for pairing, then leaves them as they were.
 * @param options `until` resolves or rejects when it is over; `signal`: it is not begun any more
 * @throws what `until` throws; DBusError; the signal's reason
 */
export async function whileVisible(
  link: BluezLink,
  adapters: readonly AdapterObject[],
  {
    limit,
    until,
    signal,
  }: { readonly limit: Duration; readonly until: () => Promise<void>; readonly signal: AbortSignal },
): Promise<void> {
  const set = async (path: string, [property, signature, value]: Setting, options: CallOptions): Promise<void> => {
    const body = [ADAPTER, property, link.variant(signature, value)];
    await link.call(path, PROPERTIES, 'Set', { signature: 'ssv', body }, options);
  };
  try {
    for (const { path } of adapters) {
      // Should this program end before, the service ends it in time.
      await set(path, ['DiscoverableTimeout', 'u', Math.ceil(limit / 1000) + 1], { signal });
      await set(path, ['Pairable', 'b', true], { signal });
      await set(path, ['Discoverable', 'b', true], { signal });
    }
    await until();
  } finally {
    const back = adapters.flatMap(({ path, discoverable, discoverableTimeout, pairable }) => {
      const settings: readonly Setting[] = [
        ['Discoverable', 'b', discoverable],
        ['Pairable', 'b', pairable],
        ['DiscoverableTimeout', 'u', discoverableTimeout],
      ];
      // Sent in this order, all at once: a service that hangs takes them later.
      return settings.map((setting) => set(path, setting, { limit: BACK_LIMIT }));
    });
    await Promise.allSettled(back);
  }
}

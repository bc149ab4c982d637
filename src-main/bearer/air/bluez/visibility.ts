import type { Duration } from '../../../base/durations.ts';
import type { BluezLink } from './link.ts';
import { ADAPTER, type AdapterObject, PROPERTIES } from './objects.ts';

/**
 * Lets other devices see these adapters and ask for pairing, then leaves them as they were.
 * @param until resolves or rejects when it is over.
 * @throws what `until` throws; DBusError
 */
export async function whileVisible(
  link: BluezLink,
  adapters: readonly AdapterObject[],
  limit: Duration,
  until: () => Promise<void>,
): Promise<void> {
  const set = async (path: string, property: string, signature: string, value: unknown): Promise<void> => {
    const body = [ADAPTER, property, link.variant(signature, value)];
    await link.call(path, PROPERTIES, 'Set', { signature: 'ssv', body });
  };
  try {
    for (const { path } of adapters) {
      // Should this program end before, the service ends it in time.
      await set(path, 'DiscoverableTimeout', 'u', Math.ceil(limit / 1000) + 1);
      await set(path, 'Pairable', 'b', true);
      await set(path, 'Discoverable', 'b', true);
    }
    await until();
  } finally {
    for (const { path, discoverable, discoverableTimeout, pairable } of adapters) {
      await set(path, 'Discoverable', 'b', discoverable).catch(() => undefined);
      await set(path, 'Pairable', 'b', pairable).catch(() => undefined);
      await set(path, 'DiscoverableTimeout', 'u', discoverableTimeout).catch(() => undefined);
    }
  }
}

import { dmRecord } from '../../bearer/air/dm-records.ts';
import { errorText } from '../../wording/error-text.ts';
import type { CommandContext } from '../command.ts';

/**
 * Lets the other side find a peer that listens at a Bluetooth address by its service record; for other addresses there is
 * nothing to do. Where nothing can be published a line says so, and the peer listens all the same.
 * @returns a function that takes the record back.
 */
export async function publishRecord(
  role: 'client' | 'server',
  address: string,
  { note, signal }: Pick<CommandContext, 'note' | 'signal'>,
): Promise<() => Promise<void>> {
  const record = dmRecord(role, address);
  if (record === undefined) return async () => undefined;
  const { createAir } = await import('../../bearer/air/create-air.ts');
  const air = createAir();
  try {
    const { reason } = await air.offer(record, { signal });
    if (reason !== undefined)
      note(`nobody finds ${address} by a service record: ${errorText(reason).what} (${reason})`);
  } catch (error) {
    await air.close();
    throw error;
  }
  return () => air.close();
}

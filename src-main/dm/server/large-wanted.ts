import { utf8 } from '../../base/bytes.ts';
import type { Encoding } from '../../syncml/model.ts';
import { sourceCarrier } from '../large-object/carrier.ts';
import type { OutgoingCommand } from '../outgoing.ts';
import type { WantedCommand } from './work.ts';

/** Octets, as carried, of the largest object in a command: what the peer's MaxObjSize bounds (DM Protocol 1.2, 2.2). */
export function largestObject(wanted: WantedCommand | OutgoingCommand, encoding: Encoding): number {
  if (wanted.kind === 'Atomic' || wanted.kind === 'Sequence') {
    return Math.max(0, ...wanted.commands.map((child) => largestObject(child, encoding)));
  }
  if (wanted.kind !== 'Add' && wanted.kind !== 'Replace') return 0;
  if (wanted.large !== undefined) return sourceCarrier(wanted.large, encoding).length;
  return Math.max(
    0,
    ...wanted.items.map(({ data }) => (typeof data === 'string' ? utf8(data).length : (data?.length ?? 0))),
  );
}

import type { HandsetRecord } from '../../handset/registry.ts';
import type { HandsetStanding } from '../../operations/views.ts';

/**
 * Whether a handset is there, by what is known of its ways; unusable only when none of those that are there can be used.
 * @param elsewhere another one has its place.
 */
export function cardPresence({ ways }: Pick<HandsetRecord, 'ways'>, elsewhere: boolean): HandsetStanding {
  const attached = ways.filter((way) => way.attached === true);
  const [first] = attached;
  if (first !== undefined) {
    const reason = attached.every((way) => way.reason !== undefined) ? first.reason : undefined;
    return { presence: 'attached', ...(reason === undefined ? {} : { reason }) };
  }
  const gone = ways.some((way) => way.attached === false) || (ways.length === 0 && elsewhere);
  return { presence: gone ? 'away' : 'unknown' };
}

/** How long raw bodies are kept: at most so many days and octets, or not at all. They hold credentials. */
export type Retention = { readonly days: number; readonly bytes: number } | 'off';

export const DEFAULT_RETENTION: Retention = { days: 7, bytes: 200_000_000 };

const DAY = 24 * 60 * 60 * 1000;

/** A session that has ended and whose bodies are there. */
export interface KeptBodies {
  readonly number: number;
  /** On the journal's clock. */
  readonly recorded: number;
  readonly body_bytes: number;
}

/**
 * Which sessions lose their bodies: those that are too old, and the oldest while all together are too large.
 * @param newestFirst sessions that have ended.
 * @param room octets that may be kept of them.
 */
export function expired(
  newestFirst: readonly KeptBodies[],
  retention: Retention,
  { now, room }: { readonly now: number; readonly room: number },
): readonly KeptBodies[] {
  if (retention === 'off') return newestFirst;
  let kept = 0;
  return newestFirst.filter(({ recorded, body_bytes }) => {
    kept += body_bytes;
    return kept > room || now - recorded > retention.days * DAY;
  });
}

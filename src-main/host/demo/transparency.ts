import type { Tally } from '../../contract/demo-result.ts';
import type { AgentEvent, MessageEvent } from '../../contract/events.ts';

/** What the two ends wrote of one session, compared. */
export interface Comparison {
  readonly messages: Tally;
  readonly bytes: Tally;
  /** Every message of each direction has the same SHA-256 at both ends, and there was one in each. */
  readonly transparent: boolean;
}

type Direction = MessageEvent['direction'];

function messagesOf(
  events: readonly AgentEvent[],
  session: string,
  direction: Direction,
  device?: string,
): MessageEvent[] {
  return events.filter(
    (event): event is MessageEvent =>
      event.type === 'message' &&
      event.session === session &&
      event.direction === direction &&
      // Package 0 never passes the DMS's /dm (contract, section 4).
      event.package !== 0 &&
      (device === undefined || event.device === device),
  );
}

function sameDigests(a: readonly MessageEvent[], b: readonly MessageEvent[]): boolean {
  return a.length === b.length && a.every((message, index) => message.sha256 === b[index]?.sha256);
}

const total = (messages: readonly MessageEvent[]) => messages.reduce((sum, message) => sum + message.bytes, 0);

/** Compares the handset process's own events with the DMS process's own events; the relay's word does not count. */
export function compareEnds(
  handset: readonly AgentEvent[],
  dms: readonly AgentEvent[],
  session: string,
  device: string,
): Comparison {
  const ends = (direction: Direction) => ({
    handset: messagesOf(handset, session, direction),
    dms: messagesOf(dms, session, direction, device),
  });
  const up = ends('to-dms');
  const down = ends('to-handset');
  return {
    messages: { toDms: up.handset.length, toHandset: down.handset.length },
    bytes: { toDms: total(up.handset), toHandset: total(down.handset) },
    transparent:
      up.handset.length > 0 &&
      down.handset.length > 0 &&
      sameDigests(up.handset, up.dms) &&
      sameDigests(down.handset, down.dms),
  };
}

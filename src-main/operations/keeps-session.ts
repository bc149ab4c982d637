import type { DeviceFacts } from '../dm/server/work.ts';
import type { HandsetRecord } from '../handset/registry.ts';

/** What tells one kind of DM client from another. */
export interface ClientKind {
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
}

/**
 * Whether a DM client is known to keep its session when the link is lost in the middle, and to answer the repeated last
 * message over another one (DM 1.2 leaves that to the client).
 */
export type KeepsSession = (client: ClientKind) => boolean;

/** By what it has just said of itself, else by what is known of it from before. */
export function clientOf(facts: DeviceFacts | undefined, record: HandsetRecord | undefined): ClientKind {
  return {
    manufacturer: facts?.devInfo.get('./DevInfo/Man') ?? record?.manufacturer,
    model: facts?.devInfo.get('./DevInfo/Mod') ?? record?.model,
  };
}

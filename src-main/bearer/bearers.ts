import type { Bearer, BearerKind } from './bearer.ts';
import type { Rfcomm } from './bluetooth/rfcomm-host.ts';
import { nativeBearers } from './child/native-bearers.ts';
import type { Discovery } from './discovery.ts';

/** The bearers of one process. Those that need native modules reach them in this process or in a child of it. */
export interface Bearers {
  /** @throws PcAgentError `bearer/not-built` for one that this version does not have. */
  for(kind: BearerKind): Bearer;
  readonly discovery: Discovery;
  /** What it can do over Bluetooth beside dialling and listening. */
  readonly rfcomm: Rfcomm;
  /** Ends the child, if there is one; streams that go through it are lost. May be called again. */
  close(): Promise<void>;
}

/** Native modules in this very process: for peers that are processes of their own, and for tests. */
export function ownProcessBearers(): Bearers {
  return { ...nativeBearers(), close: async () => undefined };
}

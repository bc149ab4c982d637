import { assertNever, PcAgentError } from '../base/errors.ts';
import type { Bearer, BearerKind } from './bearer.ts';
import { openNativePort } from './child/native/serial-port.ts';
import type { Discovery } from './discovery.ts';
import { createSerialBearer } from './serial/serial-bearer.ts';
import { createTcpBearer } from './tcp/tcp-bearer.ts';

/** The bearers of one process. Those that need native modules reach them in this process or in a child of it. */
export interface Bearers {
  /** @throws PcAgentError `bearer/not-built` for one that this version does not have. */
  for(kind: BearerKind): Bearer;
  readonly discovery: Discovery;
  /** Ends the child, if there is one; streams that go through it are lost. May be called again. */
  close(): Promise<void>;
}

/** Native modules in this very process: for peers that are processes of their own, and for tests. */
export function ownProcessBearers(): Bearers {
  return {
    for(kind) {
      switch (kind) {
        case 'tcp':
          return createTcpBearer();
        case 'serial':
          return createSerialBearer({ openPort: openNativePort });
        case 'usb':
        case 'bluetooth':
        case 'memory':
          throw new PcAgentError('bearer/not-built', `the bearer ${kind} is not part of this version`, {
            details: { bearer: kind },
          });
        default:
          return assertNever(kind);
      }
    },
    discovery: {
      look: async () => [],
      watch: async () => undefined,
    },
    close: async () => undefined,
  };
}

import { PcAgentError } from '../base/errors.ts';
import type { OwnServer } from '../operations/ports.ts';

/** The PC's own DM server on what the host keeps. */
export function createOwnServer(): OwnServer {
  return {
    run: async () => {
      throw new PcAgentError('cli/not-built', 'work without a DM server is not part of this version');
    },
  };
}

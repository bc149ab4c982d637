import { PcAgentError } from '../../base/errors.ts';

/** A Bluetooth connection that there was. @param os what the system says of it */
export function linkLost(reason: string, os?: string): PcAgentError {
  return new PcAgentError('bearer/lost', os === undefined ? reason : `${reason} (${os})`, {
    retry: 'same-bearer',
    details: { bearer: 'bluetooth', ...(os === undefined ? {} : { os }) },
  });
}

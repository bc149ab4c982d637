import { PcAgentError } from '../base/errors.ts';

export function endedInside(): PcAgentError {
  return new PcAgentError('bearer/lost', 'the other side ended inside an OBEX operation', { retry: 'same-bearer' });
}

export function disconnected(): PcAgentError {
  return new PcAgentError('obex/disconnected', 'the other side left the OBEX connection');
}

export function asPcAgentError(error: unknown): PcAgentError {
  return error instanceof PcAgentError ? error : brokenOff(error);
}

export function brokenOff(cause: unknown): PcAgentError {
  return new PcAgentError('obex/disconnected', 'the OBEX connection was broken off on this side', { cause });
}

import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { FrameError } from '../contract/frames.ts';

/** Code of a request that was ended by its signal. */
export const CANCELLED = 'host/cancelled';

/** An error as a face gets it. What nobody foresaw is told without its stack. */
export function frameErrorOf(error: unknown): FrameError {
  if (isAbort(error)) return { code: CANCELLED, message: 'the request was cancelled', retry: 'never', details: {} };
  if (!isPcAgentError(error)) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { code: 'host/unexpected', message, retry: 'never', details: {} };
  }
  const { code, message, retry, offset, details } = error;
  return { code, message, retry, ...(offset === undefined ? {} : { offset }), details: plain(details) };
}

/** Only what JSON can carry. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(details)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export function errorOfFrame({ code, message, retry, offset, details }: FrameError): PcAgentError {
  return new PcAgentError(code, message, { retry, details, ...(offset === undefined ? {} : { offset }) });
}

/** Nothing of the request was begun. */
export function leaving(): PcAgentError {
  return new PcAgentError('host/leaving', 'the host is about to end and takes no more requests', { retry: 'later' });
}

import { isAbort, PcAgentError } from '../../base/errors.ts';
import type { BearerError } from './protocol.ts';

const MAX_MESSAGE = 2000;
/** Details are numbers and short texts; what is neither has no meaning on the other side. */
const MAX_DETAILS = 20;
const MAX_DETAIL = 1000;

/** An error on its way to the other process. */
export function bearerErrorOf(error: unknown): BearerError {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
  if (isAbort(error)) return { code: 'AbortError', message, retry: 'never', details: {} };
  if (!(error instanceof PcAgentError)) {
    return { code: 'bearer/unusable', message, retry: 'later', details: { os: message } };
  }
  const details: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(error.details).slice(0, MAX_DETAILS)) {
    if (typeof value === 'string') details[name] = value.slice(0, MAX_DETAIL);
    else if (typeof value === 'number' || typeof value === 'boolean') details[name] = value;
  }
  return { code: error.code, message, retry: error.retry, details };
}

/** The error as it was thrown over there. */
export function errorFrom({ code, message, retry, details }: BearerError): Error {
  if (code === 'AbortError') return new DOMException(message, 'AbortError');
  return new PcAgentError(code, message, { retry, details });
}

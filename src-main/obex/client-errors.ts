import { PcAgentError } from '../base/errors.ts';
import { ResponseCode, responseText } from './packet.ts';

/** The peer said no; its own number is in `details.response`. */
export function refused(operation: string, code: number): PcAgentError {
  return new PcAgentError('obex/response', `the other side answered ${operation} with ${responseText(code)}`, {
    retry: code === ResponseCode.ServiceUnavailable ? 'later' : 'never',
    details: { response: code, operation },
  });
}

/** The peer's answer does not fit the request. */
export function outOfStep(operation: string, code: number): PcAgentError {
  return new PcAgentError('obex/out-of-step', `${responseText(code)} does not fit what ${operation} had come to`, {
    details: { response: code, operation },
  });
}

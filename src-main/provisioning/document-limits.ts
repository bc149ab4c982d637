import { PcAgentError } from '../base/errors.ts';

/**
 * What a document may cost before it is refused. Over the air it is a few short messages; the depth of a w7 document is
 * four (document, application, address, port).
 */
export const DOCUMENT_LIMITS = { bytes: 64 * 1024, depth: 16, elements: 2000, attributes: 16 } as const;

export function documentError(reason: string, message: string, offset?: number): PcAgentError {
  return new PcAgentError(`provisioning/${reason}`, message, offset === undefined ? {} : { offset });
}

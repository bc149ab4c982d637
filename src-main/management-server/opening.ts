import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { decodeMessage } from '../syncml/codec.ts';
import { encodingOf } from '../syncml/content-type.ts';
import type { Envelope } from '../syncml/envelope.ts';
import type { Encoding, Location } from '../syncml/model.ts';
import { salvageHeader } from '../syncml/salvage-header.ts';

/** What the first message of a session says about it. */
export interface Opening {
  readonly encoding: Encoding;
  readonly sessionId: string;
  readonly source: Location;
  readonly target: Location | undefined;
}

/** A message that cannot be used but names its session opens one too, to be refused there. @throws PcAgentError */
export function openingOf({ contentType, body }: Envelope): Opening {
  const encoding = encodingOf(contentType);
  if (encoding === undefined) {
    throw new PcAgentError('syncml/content-type', `"${contentType}" is not a SyncML message's type`);
  }
  try {
    const { sessionId, source, target } = decodeMessage(body, encoding).message.header;
    return { encoding, sessionId: sessionId.trim(), source, target };
  } catch (error) {
    const salvaged = isPcAgentError(error, 'syncml') ? salvageHeader(body, encoding) : undefined;
    if (salvaged === undefined) throw error;
    return { encoding, ...salvaged };
  }
}

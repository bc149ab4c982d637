import type { Header, Item, Location } from '../syncml/model.ts';
import type { SalvagedHeader } from '../syncml/salvage-header.ts';
import { Status } from '../syncml/status.ts';
import { failed, type SessionOutcome } from './session-outcome.ts';

/** Why a header's code ends the session, and what its Status says beside the code: the version that is known. */
export function headerRefusal(code: number): { readonly outcome: SessionOutcome; readonly items: readonly Item[] } {
  switch (code) {
    case Status.DtdVersionNotSupported:
      return { outcome: version(code), items: [{ data: '1.2' }] };
    case Status.ProtocolVersionNotSupported:
      return { outcome: version(code), items: [{ data: 'DM/1.2' }] };
    case Status.NotFound:
      return { outcome: failed('dm/target-wrong', 'the message is meant for another device', code), items: [] };
    case Status.UriTooLong:
      return { outcome: failed('dm/header-refused', 'the RespURI is too long', code), items: [] };
    default:
      return { outcome: failed('dm/header-refused', 'a part of the header is missing or no number', code), items: [] };
  }
}

function version(code: number): SessionOutcome {
  return failed('dm/version', 'the other side speaks another version of the protocol', code);
}

/** The header of an unusable message as far as its Status needs it. A MsgID that is missing would have been the next. */
export function salvagedHeader(salvaged: SalvagedHeader, lastReceived: number, self: Location): Header {
  const { sessionId, msgId, source, target } = salvaged;
  return {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId,
    msgId: msgId ?? lastReceived + 1,
    source,
    target: target ?? self,
  };
}

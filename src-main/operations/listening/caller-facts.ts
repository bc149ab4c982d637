import { plainText } from '../../base/plain-text.ts';
import { readMessage } from '../../dm/watcher/read-message.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Command, Data, Item } from '../../syncml/model.ts';

/** What a handset that calls says of itself in its first message. Nothing of it is proven. */
export interface CallerFacts {
  /** Its DevId; absent where the message cannot be read. */
  readonly device?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  /** The DM server that it wants to speak with. */
  readonly wants?: string;
}

/** DevIds and addresses of servers are far shorter. */
const MAX_TEXT = 200;

/** Package 1 brings the DevInfo of the handset along (DM Protocol 1.2, 8.3). Never fails. */
export function callerFacts(envelope: Envelope): CallerFacts {
  const reading = readMessage(envelope);
  if (reading.kind !== 'message') return {};
  const { header, commands } = reading.message;
  const device = plainText(header.source.uri, MAX_TEXT);
  // One that had to be shortened or cleaned is nobody's number.
  if (device === undefined || device !== header.source.uri) return {};
  const said = devInfoIn(commands);
  const manufacturer = plainText(said.get('Man'));
  const model = plainText(said.get('Mod'));
  const wants = plainText(header.target.uri, MAX_TEXT);
  return {
    device,
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(wants === undefined ? {} : { wants }),
  };
}

function devInfoIn(commands: readonly Command[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const command of commands) {
    if (command.kind !== 'Replace') continue;
    for (const item of command.items) {
      const name = /^\.\/DevInfo\/(\w+)$/.exec(placeOf(item))?.[1];
      if (name !== undefined && !found.has(name)) found.set(name, textIn(item.data));
    }
  }
  return found;
}

function placeOf({ source, target }: Item): string {
  return source?.uri ?? target?.uri ?? '';
}

function textIn(data: Data | undefined): string {
  return typeof data === 'string' ? data : new TextDecoder().decode(data?.subarray(0, 4 * MAX_TEXT));
}

import type { Procedure } from '../../dm/server/work.ts';
import { ask, getCommand } from '../../scomo/procedure/commands.ts';
import { itemText } from '../../syncml/item-data.ts';
import { isSuccess } from '../../syncml/status.ts';

/** `./DevDetail/FwV`; `undefined` when the handset does not say it. */
export function* readFirmwareVersion(): Procedure<string | undefined> {
  const { code, items } = yield* ask(getCommand('./DevDetail/FwV'));
  const text = isSuccess(code) && items[0] !== undefined ? itemText(items[0], undefined)?.trim() : undefined;
  return text === '' ? undefined : text;
}

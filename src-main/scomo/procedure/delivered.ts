import type { Procedure } from '../../dm/server/work.ts';
import { itemText } from '../../syncml/item-data.ts';
import { isSuccess } from '../../syncml/status.ts';
import { DeliveredStatus, INSTALL_FAILED_WITHOUT_DATA_ODD } from '../names.ts';
import { ask, childNames, getCommand } from './commands.ts';

/** A package of `Inventory/Delivered`. */
export interface DeliveredEntry {
  /** URI of its node. */
  readonly uri: string;
  readonly pkgId: string;
  readonly name?: string;
  /** 10 delivered, 20 installed. */
  readonly state?: number;
  readonly status?: number;
  /** Why it could not be installed, where the handset says so (a node of ours). */
  readonly problem?: string;
}

const LEAVES: readonly string[] = ['PkgID', 'Name', 'State', 'Status', 'Ext/Problem'];
/** Most packages that are asked for. */
const MAX_PACKAGES = 1000;
/** Packages that are asked for at once. */
const BATCH = 4;

/** The packages on the handset, leaf by leaf: `Data` and operations are in no list that would be worth its octets. */
export function* readDelivered(root: string): Procedure<readonly DeliveredEntry[]> {
  const base = `${root}/Inventory/Delivered`;
  const { code, items } = yield* ask(getCommand(base));
  const names = isSuccess(code) ? childNames(items).slice(0, MAX_PACKAGES) : [];
  const found: DeliveredEntry[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const report = yield batch.flatMap((name) => LEAVES.map((leaf) => getCommand(`${base}/${name}/${leaf}`)));
    for (const [index, name] of batch.entries()) {
      const texts = LEAVES.map((_leaf, offset) => {
        const own = report.reports[index * LEAVES.length + offset];
        const item = own !== undefined && isSuccess(own.code) ? own.results[0] : undefined;
        return item === undefined ? undefined : itemText(item, undefined)?.trim();
      });
      const [pkgId, title, state, status, problem] = texts;
      found.push({
        uri: `${base}/${name}`,
        pkgId: pkgId || name,
        ...(title ? { name: title } : {}),
        ...(state ? { state: Number(state) } : {}),
        ...(status ? { status: usualStatus(Number(status)) } : {}),
        ...(problem ? { problem } : {}),
      });
    }
  }
  return found;
}

function usualStatus(status: number): number {
  return status === INSTALL_FAILED_WITHOUT_DATA_ODD ? DeliveredStatus.InstallFailedWithoutData : status;
}

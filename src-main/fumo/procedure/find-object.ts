import type { CommandReport, Procedure } from '../../dm/server/work.ts';
import { ask, childNames, getCommand } from '../../scomo/procedure/commands.ts';
import { itemText } from '../../syncml/item-data.ts';
import { isSuccess } from '../../syncml/status.ts';
import { FUMO_TYPE } from '../names.ts';

/** An update object of a handset, as far as it shows what it has. */
export interface FirmwareObject {
  readonly uri: string;
  /** Paths of its nodes below it: `Update/PkgData`. */
  readonly nodes: ReadonlySet<string>;
}

/** Names that implementations use, looked into first. */
const USUAL_NAMES = ['FwUpdate', 'FUMO', 'FWUpdate', 'FwUpd'];
/** Where no update object is. */
const OTHERS: readonly string[] = ['DevInfo', 'DevDetail', 'DMAcc', 'Inbox'];
/** Nodes that are looked at on each level, and levels: the place of the object is free, its depth in use is not. */
const MAX_NODES = 40;
const MAX_DEPTH = 3;
const OPERATIONS = ['Download', 'Update', 'DownloadAndUpdate'];

/**
 * The update objects of a handset. A server finds them by their type and not by their place; a handset that does not
 * answer `?prop=` shows them by their shape.
 */
export function* findFirmwareObjects(): Procedure<readonly FirmwareObject[]> {
  const top = yield* ask(getCommand('.'));
  const names = isSuccess(top.code) ? childNames(top.items) : USUAL_NAMES;
  const usual = USUAL_NAMES.filter((name) => names.includes(name));
  const others = names.filter((name) => !usual.includes(name) && !OTHERS.includes(name));
  for (const start of [usual, others]) {
    const found = yield* searchBelow(start.map((name) => `./${name}`));
    if (found.length > 0) return found;
  }
  return [];
}

function* searchBelow(start: readonly string[]): Procedure<readonly FirmwareObject[]> {
  let level = start.slice(0, MAX_NODES);
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const report = yield level.flatMap((uri) => [getCommand(`${uri}?prop=Type`), getCommand(uri)]);
    const seen = level.map((uri, index) => ({
      uri,
      type: textOf(report.reports[2 * index]),
      children: childrenOf(report.reports[2 * index + 1]),
    }));
    const objects = seen.filter(({ type, children }) => (type ?? '') === FUMO_TYPE || hasShape(type, children));
    if (objects.length > 0) return yield* lookInto(objects);
    level = seen.flatMap(({ uri, children }) => children.map((name) => `${uri}/${name}`)).slice(0, MAX_NODES);
  }
  return [];
}

function hasShape(type: string | undefined, children: readonly string[]): boolean {
  if (type !== undefined && type !== '') return false;
  return children.includes('State') && OPERATIONS.some((name) => children.includes(name));
}

function* lookInto(
  objects: readonly { readonly uri: string; readonly children: readonly string[] }[],
): Procedure<readonly FirmwareObject[]> {
  const inner = objects.flatMap(({ uri, children }) =>
    OPERATIONS.filter((name) => children.includes(name)).map((name) => ({ uri, name })),
  );
  const report = yield inner.map(({ uri, name }) => getCommand(`${uri}/${name}`));
  return objects.map(({ uri, children }) => {
    const nodes = new Set(children);
    for (const [index, entry] of inner.entries()) {
      if (entry.uri !== uri) continue;
      for (const name of childrenOf(report.reports[index])) nodes.add(`${entry.name}/${name}`);
    }
    return { uri, nodes };
  });
}

function childrenOf(report: CommandReport | undefined): readonly string[] {
  // A leaf has a value and no names.
  if (report === undefined || !isSuccess(report.code)) return [];
  return report.results[0]?.meta?.format === 'node' ? childNames(report.results) : [];
}

function textOf(report: CommandReport | undefined): string | undefined {
  const item = report !== undefined && isSuccess(report.code) ? report.results[0] : undefined;
  return item === undefined ? undefined : (itemText(item, undefined) ?? '').trim();
}

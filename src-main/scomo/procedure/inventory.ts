import type { CommandReport, PackageReport, Procedure } from '../../dm/server/work.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { Item } from '../../syncml/model.ts';
import { isSuccess } from '../../syncml/status.ts';
import { DeployedState, SCOMO_TYPES } from '../names.ts';
import { ask, childNames, getCommand } from './commands.ts';

/** One component of `Inventory/Deployed`. */
export interface InventoryEntry {
  readonly id: string;
  readonly name?: string;
  readonly version: string;
  /** `active`, `inactive`, or the number that the handset gave. */
  readonly state: string;
  readonly pkgId?: string;
  readonly description?: string;
  /** `Status` of its node, where the handset lists it. */
  readonly status?: number;
  /** URI of its node. */
  readonly uri: string;
}

/** Names that implementations use, tried before every child of the root is asked for its type. */
const USUAL_NAMES = ['SCM', 'SCOMO'];
/** Where no software is. */
const ELSEWHERE: readonly string[] = ['DevInfo', 'DevDetail', 'DMAcc', 'Inbox'];
/** Nodes that are looked at on each level, and levels: the place of the object is free, its depth in use is not. */
const MAX_NODES = 40;
const MAX_DEPTH = 3;
/** Most components that are asked for one by one. */
const MAX_COMPONENTS = 1000;
/** Nodes of the first level that are asked for in one package. */
const BATCH = 20;
/** What is asked of each component when each node has to be asked for by itself, and components in a package. */
const AT_ONCE = 3;
const LEAVES = ['ID', 'Name', 'Version', 'State', 'PkgIDRef', 'Status'];

/**
 * URI of the SCOMO object, or `undefined` when the handset has none: a server finds it by its type and not by its
 * name, but many handsets do not answer `?prop=`.
 */
export function* findScomoRoot(): Procedure<string | undefined> {
  const top = yield* ask(getCommand('.'));
  const names = isSuccess(top.code) ? childNames(top.items) : USUAL_NAMES;
  const usual = USUAL_NAMES.filter((name) => names.includes(name));
  for (const name of usual) {
    const answer = yield* ask(getCommand(`./${name}/Inventory`));
    if (isSuccess(answer.code)) return `./${name}`;
  }
  const others = names.filter((name) => !USUAL_NAMES.includes(name)).slice(0, BATCH);
  if (others.length === 0) return undefined;
  const report = yield others.map((name) => getCommand(`./${name}?prop=Type`));
  const types = typesIn(report);
  const found = others[types.findIndex(isScomoType)];
  if (found !== undefined) return `./${found}`;
  const shaped = yield* findByShape(others.filter((_name, index) => types[index] === undefined));
  if (shaped !== undefined) return shaped;
  return yield* findBelow(others.filter((name, index) => !ELSEWHERE.includes(name) && !isObject(types[index])));
}

function typesIn(report: PackageReport): readonly (string | undefined)[] {
  return report.reports.map((entry) => {
    const item = entry.results[0];
    return item === undefined ? undefined : itemText(item, undefined)?.trim();
  });
}

/** Whether a node is a management object: nothing else lies below it. */
function isObject(type: string | undefined): boolean {
  return type?.startsWith('urn:oma:mo:') === true;
}

/** The object below nodes of the first level, by its type. */
function* findBelow(names: readonly string[]): Procedure<string | undefined> {
  let level = names.map((name) => `./${name}`);
  for (let depth = 2; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const lists = yield level.map((uri) => getCommand(uri));
    const next = level
      .flatMap((uri, index) => folderNames(lists.reports[index]).map((name) => `${uri}/${name}`))
      .slice(0, MAX_NODES);
    if (next.length === 0) return undefined;
    const types = typesIn(yield next.map((uri) => getCommand(`${uri}?prop=Type`)));
    const found = next[types.findIndex(isScomoType)];
    if (found !== undefined) return found;
    level = next.filter((_uri, index) => !isObject(types[index]));
  }
  return undefined;
}

/** Names below an interior node; a leaf has none. */
function folderNames(entry: CommandReport | undefined): readonly string[] {
  if (entry === undefined || !isSuccess(entry.code)) return [];
  return entry.results[0]?.meta?.format === 'node' ? childNames(entry.results) : [];
}

/** The object among nodes that do not tell their type: the one that has an inventory of installed components. */
function* findByShape(names: readonly string[]): Procedure<string | undefined> {
  if (names.length === 0) return undefined;
  const report = yield names.map((name) => getCommand(`./${name}/Inventory`));
  const index = report.reports.findIndex(
    (entry) => isSuccess(entry.code) && childNames(entry.results).includes('Deployed'),
  );
  const found = names[index];
  return found === undefined ? undefined : `./${found}`;
}

/** What is installed: by one `?list=StructData` where the handset can, else node by node. */
export function* readInventory(root: string): Procedure<readonly InventoryEntry[]> {
  const base = `${root}/Inventory/Deployed`;
  const listed = yield* ask(getCommand(`${base}?list=StructData`));
  if (isSuccess(listed.code) && listed.items.length > 0 && !isChildList(listed.items, base)) {
    return entriesOf(base, leavesOf(listed.items));
  }
  const names = childNames((yield* ask(getCommand(base))).items).slice(0, MAX_COMPONENTS);
  const leaves = new Map<string, string>();
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const batch = names.slice(start, start + AT_ONCE);
    const uris = batch.flatMap((name) => LEAVES.map((leaf) => `${base}/${name}/${leaf}`));
    const report = yield uris.map((uri) => getCommand(uri));
    for (const [index, entry] of report.reports.entries()) {
      const item = entry.results[0];
      const uri = uris[index];
      if (item !== undefined && uri !== undefined && isSuccess(entry.code))
        leaves.set(uri, itemText(item, undefined) ?? '');
    }
  }
  return entriesOf(base, leaves);
}

/** Some handsets ignore the query and answer with the names of the children: an interior node has no other data. */
function isChildList(items: readonly Item[], base: string): boolean {
  const only = items[0];
  if (items.length !== 1 || only?.data === undefined || only.data.length === 0) return false;
  const uri = uriOf(only);
  return uri === undefined || uri === base || uri.startsWith(`${base}?`);
}

/** URI of the node that an item is about, from the root. */
function uriOf(item: Item): string | undefined {
  const uri = (item.source ?? item.target)?.uri;
  return uri === undefined || uri.startsWith('./') ? uri : `./${uri}`;
}

function leavesOf(items: readonly Item[]): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const item of items) {
    const uri = uriOf(item);
    if (uri !== undefined) leaves.set(uri, itemText(item, undefined) ?? '');
  }
  return leaves;
}

function entriesOf(base: string, leaves: ReadonlyMap<string, string>): readonly InventoryEntry[] {
  const names = new Set<string>();
  for (const uri of leaves.keys()) {
    if (!uri.startsWith(`${base}/`)) continue;
    const name = uri.slice(base.length + 1).split('/')[0];
    if (name !== undefined && name !== '') names.add(name);
  }
  return [...names].map((name) => {
    const leaf = (child: string) => leaves.get(`${base}/${name}/${child}`)?.trim();
    const title = leaf('Name');
    const pkgId = leaf('PkgIDRef');
    const description = leaf('Description');
    const status = leaf('Status');
    return {
      id: leaf('ID') || name,
      ...(title ? { name: title } : {}),
      version: leaf('Version') ?? '',
      state: stateText(leaf('State')),
      ...(pkgId ? { pkgId } : {}),
      ...(description ? { description } : {}),
      ...(/^\d{1,5}$/.test(status ?? '') ? { status: Number(status) } : {}),
      uri: `${base}/${name}`,
    };
  });
}

function stateText(value: string | undefined): string {
  switch (Number(value)) {
    case DeployedState.Active:
      return 'active';
    case DeployedState.Inactive:
      return 'inactive';
    default:
      return value ?? '';
  }
}

function isScomoType(type: string | undefined): boolean {
  return type !== undefined && SCOMO_TYPES.includes(type);
}

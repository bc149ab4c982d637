import type { ByteSource } from '../../base/byte-source.ts';
import type { PackageReport, Procedure, WantedCommand } from '../../dm/server/work.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { Item } from '../../syncml/model.ts';

export function getCommand(...uris: readonly string[]): WantedCommand {
  return { kind: 'Get', items: uris.map((uri) => ({ target: { uri } })) };
}

export function addNode(uri: string): WantedCommand {
  return { kind: 'Add', items: [{ target: { uri }, meta: { format: 'node' } }] };
}

export function deleteNode(uri: string): WantedCommand {
  return { kind: 'Delete', items: [{ target: { uri } }] };
}

export function addText(uri: string, text: string): WantedCommand {
  return { kind: 'Add', items: [{ target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data: text }] };
}

/** A binary leaf, read as it is sent; it becomes a large object when it does not fit one message. */
export function addBinary(uri: string, value: ByteSource, type: string): WantedCommand {
  return { kind: 'Add', items: [{ target: { uri }, meta: { format: 'bin', type } }], large: value };
}

export function execNode(uri: string, correlator: string): Extract<WantedCommand, { kind: 'Exec' }> {
  return { kind: 'Exec', correlator, items: [{ target: { uri } }] };
}

/** Sends one package with one command and gives its report. */
export function* ask(
  command: WantedCommand,
): Procedure<{ code: number; items: readonly Item[]; report: PackageReport }> {
  const report = yield [command];
  const own = report.reports[0];
  return { code: own?.code ?? 0, items: own?.results ?? [], report };
}

/** Names of the children in the answer to a Get on an interior node; empty when it was refused. */
export function childNames(items: readonly Item[]): readonly string[] {
  const text = items[0] === undefined ? '' : (itemText(items[0], undefined) ?? '');
  return text.split('/').filter((name) => name !== '');
}

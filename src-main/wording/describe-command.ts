import {
  type CommandSummary,
  type MessageSummary,
  NOT_PERMITTED,
  serverAddressed,
} from '../contract/message-summary.ts';
import { type Catalogue, catalogue } from './catalogue.ts';
import { alertText, resultCodeText, statusText } from './code-text.ts';
import type { Language } from './language.ts';
import { sizeText } from './numbers.ts';

export type Way = 'to-dms' | 'to-handset';

const SUCCESS_END = 300;
const FIRST_REFUSAL = 400;

/** One command of a message in plain words. */
export function describeCommand(command: CommandSummary, way: Way, language: Language = 'en', server?: string): string {
  const words = catalogue(language).commands;
  const node = () => nodeText(command, words.nodes);
  switch (command.kind) {
    case 'Get':
      return words.get(node());
    case 'Add':
    case 'Replace':
      return describeValue(command, way, language);
    case 'Delete':
      return words.delete(node());
    case 'Copy':
      return words.copy(node());
    case 'Exec':
      return describeExec(command, words);
    case 'Results':
      return describeResults(command, language);
    case 'Status':
      if (server !== undefined && command.code === NOT_PERMITTED)
        return words.notPermitted(command.answers ?? '?', server);
      return describeStatus(command, way, language);
    case 'Alert':
      if (command.resultCode !== undefined) return words.alertResult(resultCodeText(command.resultCode, language));
      return words.alert(alertText(command.code ?? 0, language), way);
    case 'Atomic':
    case 'Sequence':
      return words.group(command.children ?? 0, command.kind === 'Atomic');
    default:
      return words.unknown(command.kind, way);
  }
}

/** One line about a message, with the protocol's own numbers that it stands for. */
export interface MessageLine {
  readonly text: string;
  /** Status, alert and result codes, each once. */
  readonly codes: readonly number[];
}

/**
 * A whole message in a few lines: what matters first, statuses of success counted instead of listed.
 * A message that only says that it was received is "nothing more to say".
 */
export function messageLines(summary: MessageSummary, way: Way, language: Language = 'en'): MessageLine[] {
  const words = catalogue(language).commands;
  if (!summary.readable) return [{ text: words.unreadable, codes: [] }];
  if (summary.package === 0) return [{ text: words.call, codes: [] }];
  const server = way === 'to-dms' ? serverAddressed(summary) : undefined;
  const telling = summary.commands
    .filter((command) => !isPlainSuccess(command))
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  const accepted = summary.commands.filter((command) => isPlainSuccess(command) && command.answers !== 'SyncHdr');
  const lines = telling.map((command) => ({
    text: describeCommand(command, way, language, server),
    codes: codesOf([command]),
  }));
  const received =
    accepted.at(-1)?.code === PART_RECEIVED ? words.partReceived : words.allAccepted(accepted.length, way);
  const polite = telling.findIndex(({ kind, code }) => kind === 'Alert' && code === NEXT_MESSAGE);
  if (accepted.length > 0) {
    lines.splice(polite < 0 ? lines.length : polite, 0, { text: received, codes: codesOf(accepted) });
  }
  return lines.length > 0 ? lines : [{ text: words.empty(way), codes: codesOf(summary.commands) }];
}

/** The lines without their numbers. */
export function describeMessage(summary: MessageSummary, way: Way, language: Language = 'en'): string[] {
  return messageLines(summary, way, language).map(({ text }) => text);
}

function codesOf(commands: readonly CommandSummary[]): number[] {
  const codes = commands.flatMap(({ code, resultCode }) => [code, resultCode]);
  return [...new Set(codes.filter((code) => code !== undefined))];
}

const PART_RECEIVED = 213;
const NEXT_MESSAGE = 1222;

/** What a reader looks for first: orders, refusals and reports; then the package; then questions; then the rest. */
function rankOf({ kind, code, uri, moreData }: CommandSummary): number {
  if (kind === 'Exec' || kind === 'Status') return 0;
  if (kind === 'Alert') return code === NEXT_MESSAGE ? 4 : 0;
  if (moreData === true || uri?.endsWith('/Data')) return 1;
  return kind === 'Add' || kind === 'Replace' ? 3 : 2;
}

function isPlainSuccess(command: CommandSummary): boolean {
  return command.kind === 'Status' && command.challenge !== true && isSuccess(command);
}

function isSuccess({ code = 0 }: CommandSummary): boolean {
  return code >= 200 && code < SUCCESS_END;
}

function describeValue(command: CommandSummary, way: Way, language: Language): string {
  const words = catalogue(language).commands;
  if (way === 'to-dms' && command.uri?.includes('DevInfo')) return words.identity;
  const node = nodeText(command, words.nodes);
  const bytes = command.bytes ?? 0;
  if (command.moreData === true && command.size !== undefined) {
    return words.chunkFirst(node, sizeText(command.size, language));
  }
  if (command.moreData === true) return words.chunk(node, sizeText(bytes, language));
  if (command.uri?.endsWith('/Data')) return words.chunkLast(node, sizeText(bytes, language));
  return command.kind === 'Add' ? words.add(node) : words.replace(node, way);
}

function describeExec(command: CommandSummary, words: Catalogue['commands']): string {
  const uri = command.uri ?? '';
  const operation = uri.slice(uri.lastIndexOf('/') + 1);
  const operations: Readonly<Record<string, (node: string) => string>> = words.operations;
  const sentence = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return (sentence ?? words.exec)(nodeText(command, words.nodes));
}

function describeResults(command: CommandSummary, language: Language): string {
  const words = catalogue(language).commands;
  const node = nodeName(command.uri ?? '', words.nodes);
  if (command.items > 1) return words.resultsMany(node, command.items);
  if (command.text !== undefined) return words.resultsText(node, command.text);
  return words.results(node, sizeText(command.bytes ?? 0, language));
}

function describeStatus(command: CommandSummary, way: Way, language: Language): string {
  const words = catalogue(language).commands;
  // With success, Chal only hands over the next nonce (OMA DM Security 1.2, 5.3).
  if (command.challenge === true) return isSuccess(command) ? words.signedIn(way) : words.challenge(way);
  const text = statusText(command.code ?? 0, language);
  const refused = (command.code ?? 0) >= FIRST_REFUSAL;
  if (command.answers === 'SyncHdr') return refused ? words.refusalHeader(text, way) : words.statusHeader(text, way);
  return (refused ? words.refusal : words.status)(command.answers ?? '?', text, way);
}

/** What a node is, where its address tells (DM 1.2 standard objects; SCOMO 1.0, node table). */
function nodeText(command: CommandSummary, words: Catalogue['commands']['nodes']): string {
  const node = nodeName(command.uri ?? '', words);
  return command.items > 1 ? words.several(node, command.items - 1) : node;
}

function nodeName(uri: string, words: Catalogue['commands']['nodes']): string {
  const path = uri.split('?', 1)[0] ?? '';
  const name = (folder: string) => path.match(new RegExp(`/${folder}/([^/]+)`))?.[1];
  const leaf = path.slice(path.lastIndexOf('/') + 1);
  if (path === '.' || path === './') return words.root;
  if (/^(\.\/)?DevInfo$/.test(path)) return words.identity;
  if (/^(\.\/)?DevDetail$/.test(path)) return words.details;
  const leaves: Readonly<Record<string, string>> = words.leaves;
  if (/^(\.\/)?Dev(Info|Detail)\/[^/]+$/.test(path) && Object.hasOwn(leaves, leaf)) return leaves[leaf] ?? path;
  if (/\/DMAcc(\/|$)/.test(path)) return words.account;
  if (path.endsWith('/Inventory')) return words.inventory;
  if (path.endsWith('/Inventory/Deployed')) return words.deployed;
  if (path.endsWith('/Inventory/Delivered')) return words.delivered;
  const deployed = name('Deployed');
  const delivered = name('Delivered');
  const whole = path.includes('/Operations/') || leaf === deployed || leaf === delivered;
  if (deployed !== undefined && whole) return words.component(deployed);
  if (delivered !== undefined && leaf === 'Data') return words.packageContent(delivered);
  if (delivered !== undefined && whole) return words.packageEntry(delivered);
  const job = name('Download');
  if (job !== undefined && (path.includes('/Operations/') || leaf === job)) return words.job(job);
  if (delivered !== undefined) return words.packagePart(leaf, delivered);
  if (deployed !== undefined) return words.componentPart(leaf, deployed);
  return path === '' ? '?' : path;
}

import type { Element } from '../base/element.ts';
import type {
  AlertCommand,
  Command,
  ExecCommand,
  GroupCommand,
  Item,
  ItemsCommand,
  Meta,
  ResultsCommand,
  StatusCommand,
} from './model.ts';
import {
  childOf,
  childrenOf,
  childText,
  dataOf,
  decimal,
  rawText,
  readLocation,
  readMeta,
  statusCmdRef,
  trimmedText,
} from './read-elements.ts';

/** Children of Atomic and Sequence that are no commands. */
const GROUP_FIELDS: ReadonlySet<string> = new Set(['CmdID', 'NoResp', 'Meta', 'Cred']);

/** A command below SyncBody, Atomic or Sequence; whatever it lacks, it can be answered. */
export function readCommand(element: Element): Command {
  switch (element.name) {
    case 'Add':
    case 'Replace':
    case 'Delete':
    case 'Copy':
    case 'Get':
      return { kind: element.name, ...baseOf(element), items: readItems(element) } satisfies ItemsCommand;
    case 'Exec':
      return {
        kind: 'Exec',
        ...baseOf(element),
        ...correlatorOf(element),
        items: readItems(element),
      } satisfies ExecCommand;
    case 'Alert':
      return {
        kind: 'Alert',
        ...baseOf(element),
        code: codeOf(element),
        ...correlatorOf(element),
        items: readItems(element),
      } satisfies AlertCommand;
    case 'Atomic':
    case 'Sequence':
      return {
        kind: element.name,
        ...baseOf(element),
        commands: element.children.filter((child) => !GROUP_FIELDS.has(child.name)).map(readCommand),
      } satisfies GroupCommand;
    case 'Status':
      return readStatus(element);
    case 'Results':
      return readResults(element);
    default:
      return { kind: 'Unknown', name: element.name, ...baseOf(element) };
  }
}

function readStatus(element: Element): StatusCommand {
  const chal = childOf(element, 'Chal');
  const msgRef = childText(element, 'MsgRef');
  return {
    kind: 'Status',
    ...baseOf(element),
    msgRef: msgRef === undefined ? 0 : decimal(msgRef),
    cmdRef: statusCmdRef(element),
    cmd: childText(element, 'Cmd') ?? '',
    targetRefs: childrenOf(element, 'TargetRef').map(trimmedText),
    sourceRefs: childrenOf(element, 'SourceRef').map(trimmedText),
    ...(chal === undefined ? {} : { chal: metaOf(chal) ?? {} }),
    code: codeOf(element),
    items: readItems(element),
  };
}

function readResults(element: Element): ResultsCommand {
  const msgRef = childText(element, 'MsgRef');
  const targetRef = childText(element, 'TargetRef');
  const sourceRef = childText(element, 'SourceRef');
  return {
    kind: 'Results',
    ...baseOf(element),
    msgRef: msgRef === undefined ? 1 : decimal(msgRef),
    cmdRef: childText(element, 'CmdRef') ?? '',
    ...(targetRef === undefined ? {} : { targetRef }),
    ...(sourceRef === undefined ? {} : { sourceRef }),
    items: readItems(element),
  };
}

function baseOf(element: Element): { readonly cmdId: string; readonly meta?: Meta; readonly noResp?: boolean } {
  const cmdId = childText(element, 'CmdID') ?? '';
  const meta = metaOf(element);
  const noResp = childOf(element, 'NoResp') !== undefined;
  return { cmdId, ...(meta === undefined ? {} : { meta }), ...(noResp ? { noResp } : {}) };
}

function metaOf(element: Element): Meta | undefined {
  const meta = childOf(element, 'Meta');
  return meta === undefined ? undefined : readMeta(meta);
}

/** Decimal code in Data; 0 without Data, NaN when it is no number. */
function codeOf(element: Element): number {
  const text = childText(element, 'Data');
  return text === undefined ? 0 : decimal(text);
}

/** Opaque text: echoed as it came, so not trimmed. */
function correlatorOf(element: Element): { readonly correlator?: string } {
  const child = childOf(element, 'Correlator');
  return child === undefined ? {} : { correlator: rawText(child) };
}

function readItems(element: Element): readonly Item[] {
  return childrenOf(element, 'Item').map(readItem);
}

function readItem(element: Element): Item {
  const target = childOf(element, 'Target');
  const source = childOf(element, 'Source');
  const meta = metaOf(element);
  const data = childOf(element, 'Data');
  return {
    ...(target === undefined ? {} : { target: readLocation(target) }),
    ...(source === undefined ? {} : { source: readLocation(source) }),
    ...(meta === undefined ? {} : { meta }),
    ...(data === undefined ? {} : data.children.length > 0 ? { markup: data.children } : { data: dataOf(data) }),
    ...(childOf(element, 'MoreData') === undefined ? {} : { moreData: true }),
  };
}

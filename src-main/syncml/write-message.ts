/** The tree that says a message, children in the order of the DTD (representation sheet, section 2). */
import { type Element, NO_CHILDREN } from '../base/element.ts';
import { assertNever } from '../base/errors.ts';
import type { Command, Cred, Data, Header, Item, Location, Message, Meta, StatusCommand } from './model.ts';

const PAGE_SYNCML = 0;
const PAGE_METINF = 1;

type Children = readonly (Element | undefined)[];

export function writeMessage(message: Message): Element {
  return parent('SyncML', [
    writeHeader(message.header),
    parent('SyncBody', [...message.commands.map(writeCommand), flag('Final', message.final)]),
  ]);
}

function writeHeader(header: Header): Element {
  return parent('SyncHdr', [
    leaf('VerDTD', header.verDtd),
    leaf('VerProto', header.verProto),
    leaf('SessionID', header.sessionId),
    leaf('MsgID', String(header.msgId)),
    location('Target', header.target),
    location('Source', header.source),
    optional('RespURI', header.respUri),
    flag('NoResp', header.noResp),
    header.cred === undefined ? undefined : writeCred(header.cred),
    writeMeta(header.meta),
  ]);
}

function writeCred(cred: Cred): Element {
  return parent('Cred', [writeMeta(cred.meta), leaf('Data', cred.data)]);
}

export function writeCommand(command: Command): Element {
  const start = [leaf('CmdID', command.cmdId), flag('NoResp', command.noResp)];
  switch (command.kind) {
    case 'Add':
    case 'Replace':
    case 'Delete':
    case 'Copy':
    case 'Get':
      return parent(command.kind, [...start, writeMeta(command.meta), ...command.items.map(writeItem)]);
    case 'Exec':
      return parent('Exec', [
        ...start,
        writeMeta(command.meta),
        optional('Correlator', command.correlator),
        ...command.items.map(writeItem),
      ]);
    case 'Alert':
      return parent('Alert', [
        ...start,
        leaf('Data', String(command.code)),
        optional('Correlator', command.correlator),
        ...command.items.map(writeItem),
      ]);
    case 'Atomic':
    case 'Sequence':
      return parent(command.kind, [...start, writeMeta(command.meta), ...command.commands.map(writeCommand)]);
    case 'Status':
      return writeStatus(command);
    case 'Results':
      return parent('Results', [
        leaf('CmdID', command.cmdId),
        leaf('MsgRef', String(command.msgRef)),
        leaf('CmdRef', command.cmdRef),
        writeMeta(command.meta),
        optional('TargetRef', command.targetRef),
        optional('SourceRef', command.sourceRef),
        ...command.items.map(writeItem),
      ]);
    case 'Unknown':
      return parent(command.name, [...start, writeMeta(command.meta)]);
    default:
      return assertNever(command);
  }
}

function writeStatus(command: StatusCommand): Element {
  return parent('Status', [
    leaf('CmdID', command.cmdId),
    leaf('MsgRef', String(command.msgRef)),
    leaf('CmdRef', command.cmdRef),
    leaf('Cmd', command.cmd),
    ...command.targetRefs.map((uri) => leaf('TargetRef', uri)),
    ...command.sourceRefs.map((uri) => leaf('SourceRef', uri)),
    command.chal === undefined ? undefined : parent('Chal', [writeMeta(command.chal)]),
    leaf('Data', String(command.code)),
    ...command.items.map(writeItem),
  ]);
}

function writeItem(item: Item): Element {
  return parent('Item', [
    item.target === undefined ? undefined : location('Target', item.target),
    item.source === undefined ? undefined : location('Source', item.source),
    writeMeta(item.meta),
    item.markup === undefined ? optional('Data', item.data) : parent('Data', item.markup),
    flag('MoreData', item.moreData),
  ]);
}

function writeMeta(meta: Meta | undefined): Element | undefined {
  if (meta === undefined) return undefined;
  return parent('Meta', [
    metInf('Format', meta.format),
    metInf('Type', meta.type),
    metInf('Mark', meta.mark),
    metInf('Size', meta.size),
    metInf('Version', meta.version),
    metInf('NextNonce', meta.nextNonce),
    metInf('MaxMsgSize', meta.maxMsgSize),
    metInf('MaxObjSize', meta.maxObjSize),
    ...(meta.emi ?? []).map((text) => metInf('EMI', text)),
  ]);
}

function location(name: string, value: Location): Element {
  return parent(name, [leaf('LocURI', value.uri), optional('LocName', value.name)]);
}

function parent(name: string, children: Children): Element {
  const present = children.filter((child) => child !== undefined);
  return {
    page: PAGE_SYNCML,
    name,
    children: present.length === 0 ? NO_CHILDREN : present,
    content: undefined,
  };
}

function leaf(name: string, content: Data): Element {
  return { page: PAGE_SYNCML, name, children: NO_CHILDREN, content: content.length === 0 ? undefined : content };
}

function optional(name: string, content: Data | undefined): Element | undefined {
  return content === undefined ? undefined : leaf(name, content);
}

function flag(name: string, present: boolean | undefined): Element | undefined {
  return present === true ? leaf(name, '') : undefined;
}

function metInf(name: string, value: Data | number | undefined): Element | undefined {
  if (value === undefined) return undefined;
  const content = typeof value === 'number' ? String(value) : value;
  return {
    page: PAGE_METINF,
    name,
    children: NO_CHILDREN,
    content: content.length === 0 ? undefined : content,
  };
}

/** Small tolerant readers over the tree: any order of children, the first of a name counts, unknown ones are passed over. */
import { textOf } from '../base/bytes.ts';
import type { Element } from '../base/element.ts';
import { withoutNonXml } from '../xml/characters.ts';
import type { Data, Location, Meta } from './model.ts';

export function childOf(element: Element, name: string): Element | undefined {
  const { children } = element;
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index];
    if (child !== undefined && child.name === name) return child;
  }
  return undefined;
}

export function childrenOf(element: Element, name: string): readonly Element[] {
  return element.children.filter((child) => child.name === name);
}

/** Content as it stands; an empty element is an empty text. */
export function dataOf(element: Element): Data {
  return element.content ?? '';
}

/** Content as text, untouched but for NUL, with which some handsets end their strings, and what else XML cannot hold. */
export function rawText(element: Element): string {
  const { content } = element;
  if (content === undefined) return '';
  return withoutNonXml(typeof content === 'string' ? content : textOf(content));
}

/** Text of a code, URI, name or Meta value: white space around it means nothing. */
export function trimmedText(element: Element): string {
  return rawText(element).trim();
}

export function childText(element: Element, name: string): string | undefined {
  const child = childOf(element, name);
  return child === undefined ? undefined : trimmedText(child);
}

/**
 * CmdRef of a Status. It may be missing where the header is answered, and only there (DM Protocol 1.2, 2.4.4); a
 * command without CmdID is answered by an empty one, which is no answer to the header.
 */
export function statusCmdRef(element: Element): string {
  const cmdRef = childText(element, 'CmdRef');
  if (cmdRef !== undefined && cmdRef !== '') return cmdRef;
  const cmd = childText(element, 'Cmd') ?? '';
  return cmd === '' || cmd === 'SyncHdr' ? '0' : '';
}

/** Decimal text as a number; NaN when it is none or too long to be exact. */
export function decimal(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** A number that may be missing or bad: both are `undefined`. */
function optionalDecimal(text: string): number | undefined {
  const value = decimal(text);
  return Number.isNaN(value) ? undefined : value;
}

export function readLocation(element: Element): Location {
  const uri = childText(element, 'LocURI') ?? '';
  const name = childText(element, 'LocName');
  return name === undefined ? { uri } : { uri, name };
}

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Meta, its children directly in it or wrapped in one MetInf. */
export function readMeta(element: Element): Meta {
  const meta: Mutable<Meta> = {};
  const emi: string[] = [];
  addMeta(element, meta, emi);
  if (emi.length > 0) meta.emi = emi;
  return meta;
}

function addMeta(element: Element, meta: Mutable<Meta>, emi: string[]): void {
  for (const child of element.children) {
    if (child.name === 'MetInf') {
      // One wrapper: what is nested deeper is no Meta.
      if (element.name === 'Meta') addMeta(child, meta, emi);
    } else addMetaValue(child, meta, emi);
  }
}

function addMetaValue(child: Element, meta: Mutable<Meta>, emi: string[]): void {
  switch (child.name) {
    case 'Format':
      meta.format ??= trimmedText(child);
      return;
    case 'Type':
      meta.type ??= trimmedText(child);
      return;
    case 'Mark':
      meta.mark ??= trimmedText(child);
      return;
    case 'Version':
      meta.version ??= trimmedText(child);
      return;
    case 'EMI':
      emi.push(trimmedText(child));
      return;
    case 'NextNonce':
      meta.nextNonce ??= child.content instanceof Uint8Array ? child.content : trimmedText(child);
      return;
    default:
      addMetaNumber(child, meta);
  }
}

function addMetaNumber(child: Element, meta: Mutable<Meta>): void {
  const key = META_NUMBERS.get(child.name);
  if (key === undefined || meta[key] !== undefined) return;
  const value = optionalDecimal(trimmedText(child));
  if (value !== undefined) meta[key] = value;
}

const META_NUMBERS: ReadonlyMap<string, 'size' | 'maxMsgSize' | 'maxObjSize'> = new Map([
  ['Size', 'size'],
  ['MaxMsgSize', 'maxMsgSize'],
  ['MaxObjSize', 'maxObjSize'],
]);

import type { Element } from '../base/element.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { readAttributedXml } from '../xml/attributed.ts';
import { readXml } from '../xml/reader.ts';
import { namesPart } from './combined.ts';
import {
  bareType,
  DESCRIPTOR_2_NAMESPACE,
  DESCRIPTOR_2_TYPE,
  type Descriptor,
  DescriptorLimit,
  usableUrl,
} from './descriptor.ts';
import { NotificationCode } from './notification-code.ts';

/** What a document turned out to be. One that is refused may still say where that is to be reported. */
export type DescriptorReading =
  | { readonly kind: 'descriptor'; readonly descriptor: Descriptor }
  | {
      readonly kind: 'refused';
      readonly code: typeof NotificationCode.InvalidDescriptor | typeof NotificationCode.InvalidVersion;
      /** `dlota/*` */
      readonly error: PcAgentError;
      readonly installNotifyUri?: string;
    };

export interface DescriptorPlace {
  /** Where it came from: relative addresses are resolved against it. */
  readonly url: string;
  /** As the server said it. */
  readonly contentType?: string;
  /** Content-ID of the object that came in the same answer. */
  readonly contentId?: string;
}

/**
 * Reads a download descriptor. Order, prefixes, unknown elements and attributes, and what is said twice of what people
 * read do not matter; what the download depends on has to be there once and be usable.
 */
export function readDescriptor(bytes: Uint8Array, place: DescriptorPlace): DescriptorReading {
  let installNotifyUri: string | undefined;
  try {
    const root = rootOf(bytes, place.contentType);
    // First, since everything that is refused below is told there.
    installNotifyUri = optionalOnce(root, 'installNotifyURI', place.url);
    checkVersion(bytes, root, place.contentType);
    return { kind: 'descriptor', descriptor: descriptorOf(root, place, installNotifyUri) };
  } catch (error) {
    if (!isPcAgentError(error, 'dlota')) throw error;
    const wrongVersion = error.code === 'dlota/version';
    const code = wrongVersion ? NotificationCode.InvalidVersion : NotificationCode.InvalidDescriptor;
    return { kind: 'refused', code, error, ...(installNotifyUri === undefined ? {} : { installNotifyUri }) };
  }
}

function descriptorOf(
  root: Element,
  { url: base, contentId = '' }: DescriptorPlace,
  installNotifyUri: string | undefined,
): Descriptor {
  const objectText = mandatoryOnce(root, 'objectURI');
  const objectUri = namesPart(objectText, contentId) ? objectText.trim() : usableUrl(objectText, base);
  if (objectUri === undefined) throw invalid('objectURI', 'it is no address that can be asked');
  const installParam = textOf(root, 'installParam');
  if ((installParam?.length ?? 0) > DescriptorLimit.InstallParam) throw invalid('installParam', 'it is too long');
  const nextUrl = friendly(root, 'nextURL', base);
  const infoUrl = friendly(root, 'infoURL', base);
  const iconUri = friendly(root, 'iconURI', base) ?? friendly(root, 'iconURL', base);
  const name = readable(root, 'name', DescriptorLimit.Name);
  const vendor = readable(root, 'vendor', DescriptorLimit.Name);
  const description = readable(root, 'description', DescriptorLimit.Description);
  return {
    version: textOf(root, 'DDVersion') ?? '1.0',
    types: typesOf(root),
    size: sizeOf(root),
    objectUri,
    ...(installNotifyUri === undefined ? {} : { installNotifyUri }),
    ...(nextUrl === undefined ? {} : { nextUrl }),
    ...(name === undefined ? {} : { name }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(description === undefined ? {} : { description }),
    ...(infoUrl === undefined ? {} : { infoUrl }),
    ...(iconUri === undefined ? {} : { iconUri }),
    ...(installParam === undefined ? {} : { installParam }),
  };
}

function rootOf(bytes: Uint8Array, contentType: string | undefined): Element {
  const { Document: cap, Depth: depth, Elements: elements, Attributes: attributes } = DescriptorLimit;
  const charset = /;\s*charset\s*=\s*("[^"]+"|[^;\s]+)/i.exec(contentType ?? '')?.[1];
  let root: Element;
  try {
    root = readXml(bytes, {
      limits: { bytes: cap, text: cap, depth, elements, attributes },
      ...(charset === undefined ? {} : { charset }),
    });
  } catch (cause) {
    if (!isPcAgentError(cause, 'xml')) throw cause;
    const tooLarge = cause.code === 'xml/too-large' || cause.code === 'xml/too-deep';
    const code = tooLarge ? 'dlota/too-large' : 'dlota/malformed';
    throw new PcAgentError(code, `the descriptor cannot be read: ${cause.message}`, { cause, ...offsetOf(cause) });
  }
  if (root.name !== 'media') throw new PcAgentError('dlota/malformed', 'the document is no download descriptor');
  return root;
}

function offsetOf({ offset }: PcAgentError): { readonly offset?: number } {
  return offset === undefined ? {} : { offset };
}

/** An unknown major version is refused, an unknown minor one is not. Version 2 says it in an attribute. */
function checkVersion(bytes: Uint8Array, root: Element, contentType: string | undefined): void {
  const attributes = rootAttributes(bytes);
  const second = attributes.some(([, value]) => value === DESCRIPTOR_2_NAMESPACE);
  const attribute = attributes.find(([name]) => name === 'DDVersion')?.[1];
  const version = (textOf(root, 'DDVersion') ?? attribute ?? '1.0').slice(0, 40);
  if (/^1(\.\d+)?$/.test(version.trim()) && !second && bareType(contentType) !== DESCRIPTOR_2_TYPE) return;
  throw new PcAgentError('dlota/version', `version ${second ? '2' : version} of descriptors is not understood`, {
    details: { version },
  });
}

/** The reader of elements leaves attributes out. What comes here was read before, so that it is well-formed. */
function rootAttributes(bytes: Uint8Array): readonly (readonly [string, string])[] {
  const { Document: cap, Depth: depth, Elements: elements, Attributes: attributes } = DescriptorLimit;
  try {
    return readAttributedXml(bytes, { bytes: cap, depth, elements, attributes }).attributes;
  } catch (error) {
    // Only a charset that the transport alone names can make a difference; there the root says nothing of its version.
    if (isPcAgentError(error, 'xml')) return [];
    throw error;
  }
}

function all(root: Element, name: string): readonly Element[] {
  return root.children.filter((child) => child.name === name);
}

/** The first of this name, without white space around it; `undefined` when it is not there or empty. */
function textOf(root: Element, name: string): string | undefined {
  const content = all(root, name)[0]?.content;
  const text = typeof content === 'string' ? content.trim() : '';
  return text === '' ? undefined : text;
}

function mandatoryOnce(root: Element, name: string): string {
  const found = all(root, name);
  if (found.length === 0) throw new PcAgentError('dlota/element-missing', `the descriptor has no ${name}`, about(name));
  if (found.length > 1) throw repeated(name, found.length);
  const text = textOf(root, name);
  if (text === undefined) throw invalid(name, 'it is empty');
  return text;
}

function optionalOnce(root: Element, name: string, base: string): string | undefined {
  const found = all(root, name);
  if (found.length > 1) throw repeated(name, found.length);
  const text = textOf(root, name);
  if (text === undefined) return undefined;
  const url = usableUrl(text, base);
  if (url === undefined) throw invalid(name, 'it is no address that can be asked');
  return url;
}

function sizeOf(root: Element): number {
  const text = mandatoryOnce(root, 'size');
  if (!/^\d{1,15}$/.test(text) || Number(text) === 0) throw invalid('size', 'it is no number of octets');
  return Number(text);
}

/** `type/subtype` of RFC 6838, 4.2, whatever its parameters. */
const MIME = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;

function typesOf(root: Element): readonly string[] {
  const found = all(root, 'type');
  if (found.length === 0) throw new PcAgentError('dlota/element-missing', 'the descriptor has no type', about('type'));
  if (found.length > DescriptorLimit.Types) throw repeated('type', found.length);
  const types = found.map(({ content }) => bareType(typeof content === 'string' ? content : ''));
  if (types.some((type) => type.length > DescriptorLimit.Type || !MIME.test(type))) {
    throw invalid('type', 'it is no MIME type');
  }
  return [...new Set(types)];
}

/** An address that only people follow: one of no use is as none. */
function friendly(root: Element, name: string, base: string): string | undefined {
  const text = textOf(root, name);
  return text === undefined ? undefined : usableUrl(text, base);
}

/** For a screen: one line, without what moves a cursor or turns the direction of writing, cut where it is too long. */
function readable(root: Element, name: string, most: number): string | undefined {
  const text = textOf(root, name);
  if (text === undefined) return undefined;
  const line = text
    .slice(0, 4 * most)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  if (line === '') return undefined;
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}

function about(element: string): { readonly details: { readonly element: string } } {
  return { details: { element } };
}

function invalid(element: string, why: string): PcAgentError {
  return new PcAgentError('dlota/element-invalid', `${element} of the descriptor is of no use: ${why}`, about(element));
}

function repeated(element: string, count: number): PcAgentError {
  return new PcAgentError('dlota/element-repeated', `the descriptor has ${count} times ${element}`, {
    details: { element, count },
  });
}

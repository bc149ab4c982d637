/**
 * Does libwbxml (Debian's `wbxml2xml` and `xml2wbxml`) read a message as our codec does? Compared as trees: character
 * data may travel as STR_I or OPAQUE. Where libwbxml is known to differ, the answer names the row of section 9 of the
 * spec sheet wbxml-syncml.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { concatBytes, strictTextOf, textOf, utf8 } from '../../src-main/base/bytes.ts';
import type { Element } from '../../src-main/base/element.ts';
import type { Encoding } from '../../src-main/syncml/model.ts';
import { readWbxml } from '../../src-main/wbxml/reader.ts';
import { writeWbxml } from '../../src-main/wbxml/writer.ts';
import { readXml } from '../../src-main/xml/reader.ts';
import { writeXml } from '../../src-main/xml/writer.ts';
import { type Converted, convertAll, type Encoded } from './wbxml-tools.ts';

export interface Agreement {
  readonly agrees: boolean;
  /** Why they need not agree: a row of section 9. */
  readonly exception?: string;
  /** What differs, or what the tool said. */
  readonly detail?: string;
}

const TIME_LIMIT = 20_000;

export async function agreesWithLibwbxml(body: Uint8Array, encoding: Encoding): Promise<Agreement> {
  const [agreement] = await agreements([{ body, encoding }]);
  return agreement ?? { agrees: false, detail: 'it was not converted' };
}

interface Read extends Encoded {
  readonly ours: Element;
}

/**
 * Has the tools convert the bodies and compares what comes out with our readings. Where a row of section 9 excuses a
 * difference, the message without what the row is about must agree all the same.
 */
export async function agreements(messages: readonly Encoded[]): Promise<readonly Agreement[]> {
  const read = messages.map((message): Read => ({ ...message, ours: ourReading(message) }));
  const wholes = await compareAll(read);
  const excused = read.flatMap(({ ours, encoding }, index) => {
    const exception = wholes[index]?.agrees === true ? undefined : exceptionFor(ours, encoding);
    return exception === undefined ? [] : [{ index, exception, rest: encoded(withoutExcused(ours), encoding) }];
  });
  const rests = await compareAll(excused.map(({ rest }) => rest));
  const found = [...wholes];
  for (const [turn, { index, exception }] of excused.entries()) {
    const [whole, rest] = [wholes[index], rests[turn]];
    if (whole !== undefined && rest !== undefined) found[index] = rest.agrees ? { ...whole, exception } : rest;
  }
  return found;
}

const ourReading = ({ body, encoding }: Encoded): Element =>
  encoding === 'wbxml' ? readWbxml(body).root : readXml(body);

const encoded = (ours: Element, encoding: Encoding): Read => ({
  ours,
  encoding,
  body: encoding === 'wbxml' ? writeWbxml(ours) : utf8(writeXml(ours)),
});

async function compareAll(messages: readonly Read[]): Promise<readonly Agreement[]> {
  const converted = await convertAll(messages);
  return messages.map(({ ours, encoding }, index) => compare(ours, encoding, converted[index]));
}

function compare(ours: Element, encoding: Encoding, converted: Converted | undefined): Agreement {
  if (converted?.output === undefined) return { agrees: false, detail: converted?.complaint || 'it was not converted' };
  try {
    const theirs = encoding === 'wbxml' ? readXml(converted.output) : readWbxml(converted.output).root;
    const expected = comparable(ours, encoding);
    const actual = comparable(theirs, encoding);
    if (isDeepStrictEqual(expected, actual)) return { agrees: true };
    return { agrees: false, detail: firstDifference(expected, actual, '') };
  } catch (error) {
    return { agrees: false, detail: `their output cannot be read: ${String(error)}` };
  }
}

/** Whether the tools are there. */
export async function hasLibwbxml(): Promise<boolean> {
  try {
    await runTool(['wbxml2xml', '-o', '-', '-'], new Uint8Array([0]));
    return true;
  } catch {
    return false;
  }
}

export async function runTool(
  words: readonly string[],
  input: Uint8Array,
): Promise<{ readonly status: number; readonly output: Uint8Array; readonly complaint: string }> {
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, { timeout: TIME_LIMIT });
  const output: Uint8Array[] = [];
  const complaint: Uint8Array[] = [];
  child.stdout.on('data', (chunk: Uint8Array) => output.push(chunk));
  child.stderr.on('data', (chunk: Uint8Array) => complaint.push(chunk));
  // A tool that gives up early closes its input: its exit status tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  return {
    status: status ?? -1,
    output: Uint8Array.from(concatBytes(output)),
    complaint: textOf(concatBytes(complaint)).trim(),
  };
}

/** A tree for comparing: names and children, octets that are text as text, octets that are not as hex. */
export interface ComparedElement {
  readonly name: string;
  readonly content: string;
  readonly children: readonly ComparedElement[];
}

export function asTexts(element: Element): ComparedElement {
  const { content } = element;
  return {
    name: element.name,
    content:
      content === undefined ? '' : typeof content === 'string' ? content : (strictTextOf(content) ?? hex(content)),
    children: element.children.map(asTexts),
  };
}

/**
 * The tree without what libwbxml changes in every message: blanks around text when it encodes (row 8), the subtype of
 * TNDS (row 4), line feeds, which it makes CR LF in the data of an Add (as for a vCard), and those as XML reads them.
 */
function comparable(element: Element, encoding: Encoding): ComparedElement {
  return normal(asTexts(element), encoding);
}

function normal(element: ComparedElement, encoding: Encoding): ComparedElement {
  let content = element.content.replace(/\r\n?/g, '\n');
  if (encoding === 'xml' || element.children.length > 0) content = content.trim();
  if (element.name === 'Type') content = content.replace(/dmtnds\+(xml|wbxml)$/, 'dmtnds');
  return { name: element.name, content, children: element.children.map((child) => normal(child, encoding)) };
}

/** The row that excuses a difference. */
function exceptionFor(root: Element, encoding: Encoding): string | undefined {
  const rows = new Set<string>();
  visit(root, (element) => {
    if (element.name === 'MgmtTree' && element !== root) rows.add(ROW_4);
    if (encoding === 'xml') return;
    if (isBinary(element.content)) rows.add(ROW_2);
    if (element.name === 'NextNonce' && element.content instanceof Uint8Array) rows.add(ROW_2_NONCE);
    if (isUnknown(element)) rows.add(ROW_9);
  });
  return rows.size === 0 ? undefined : [...rows].join('; ');
}

const ROW_2 = 'row 2: raw binary is copied unencoded into the XML';
const ROW_2_NONCE = 'row 2: NextNonce given as OPAQUE is turned into base64';
const ROW_4 = 'row 4: an inline MgmtTree becomes an embedded document';
const ROW_9 = 'row 9: unknown elements are errors';

/** The tree without what the rows are about. */
function withoutExcused(element: Element): Element {
  const children = element.children.filter((child) => !isUnknown(child) && child.name !== 'MgmtTree');
  const excused = isBinary(element.content) || element.content instanceof Uint8Array;
  return {
    ...element,
    content: excused ? 'x' : element.content,
    children: children.map(withoutExcused),
  };
}

function isUnknown(element: Element): boolean {
  return /^[0-9a-f]+:/.test(element.name);
}

function isBinary(content: Element['content']): boolean {
  const text = content instanceof Uint8Array ? strictTextOf(content) : content;
  if (content === undefined) return false;
  return text === undefined || NOT_XML.test(text) || text.includes(']]>');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML excludes.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function visit(element: Element, see: (element: Element) => void): void {
  see(element);
  for (const child of element.children) visit(child, see);
}

function firstDifference(a: ComparedElement, b: ComparedElement, path: string): string {
  const here = `${path}/${a.name}`;
  if (a.name !== b.name) return `${here}: ours ${a.name}, theirs ${b.name}`;
  if (a.content !== b.content) return `${here}: ours ${JSON.stringify(a.content)}, theirs ${JSON.stringify(b.content)}`;
  if (a.children.length !== b.children.length) {
    return `${here}: ours has ${a.children.length} children, theirs ${b.children.length}`;
  }
  for (const [index, child] of a.children.entries()) {
    const other = b.children[index];
    if (other !== undefined && !isDeepStrictEqual(child, other)) return firstDifference(child, other, here);
  }
  return here;
}

function hex(octets: Uint8Array): string {
  return `hex:${Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('hex')}`;
}

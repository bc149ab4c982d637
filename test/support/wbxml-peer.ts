/**
 * Does libwbxml (Debian's `wbxml2xml` and `xml2wbxml`) read a message as our codec does? Compared as trees: character
 * data may travel as STR_I or OPAQUE. Where libwbxml is known to differ, the answer names the row of section 9 of the
 * spec sheet wbxml-syncml.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { concatBytes, strictTextOf, textOf } from '../../src-main/base/bytes.ts';
import type { Element } from '../../src-main/base/element.ts';
import type { Encoding } from '../../src-main/syncml/model.ts';
import { readWbxml } from '../../src-main/wbxml/reader.ts';
import { readXml } from '../../src-main/xml/reader.ts';

export interface Agreement {
  readonly agrees: boolean;
  /** Why they need not agree: a row of section 9. */
  readonly exception?: string;
  /** What differs, or what the tool said. */
  readonly detail?: string;
}

const TIME_LIMIT = 20_000;

/** Runs the tool of the other direction's name on the body and compares what comes out with our reading. */
export async function agreesWithLibwbxml(body: Uint8Array, encoding: Encoding): Promise<Agreement> {
  const wbxml = encoding === 'wbxml';
  const ours = wbxml ? readWbxml(body).root : readXml(body);
  const exception = exceptionFor(ours, encoding);
  const tool = wbxml ? ['wbxml2xml', '-o', '-', '-'] : ['xml2wbxml', '-n', '-v', '1.2', '-o', '-', '-'];
  const { status, output, complaint } = await runTool(tool, body);
  const named = exception === undefined ? {} : { exception };
  if (status !== 0) return { agrees: false, ...named, detail: complaint };
  try {
    const theirs = wbxml ? readXml(output) : readWbxml(output).root;
    const expected = comparable(ours, encoding);
    const actual = comparable(theirs, encoding);
    if (isDeepStrictEqual(expected, actual)) return { agrees: true };
    return { agrees: false, ...named, detail: firstDifference(expected, actual, '') };
  } catch (error) {
    return { agrees: false, ...named, detail: `their output cannot be read: ${String(error)}` };
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
  return { status: status ?? -1, output: concatBytes(output), complaint: textOf(concatBytes(complaint)).trim() };
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

/** What row 4 and row 8 change on every message, made the same on both sides. */
function comparable(element: Element, encoding: Encoding): ComparedElement {
  const compared = asTexts(element);
  return normal(compared, encoding);
}

function normal(element: ComparedElement, encoding: Encoding): ComparedElement {
  let { content } = element;
  // Row 8: blanks around text are trimmed when it encodes. XML of the other direction is compared with line ends as
  // XML 1.0, section 2.11 makes them.
  content = encoding === 'xml' ? content.trim() : content.replace(/\r\n?/g, '\n');
  if (element.name === 'Type') content = content.replace(/dmtnds\+(xml|wbxml)$/, 'dmtnds');
  return { name: element.name, content, children: element.children.map((child) => normal(child, encoding)) };
}

/** The row that excuses a difference. Only what the row describes is excused. */
function exceptionFor(root: Element, encoding: Encoding): string | undefined {
  let exception: string | undefined;
  visit(root, (element) => {
    const { content } = element;
    if (encoding === 'wbxml' && content !== undefined) {
      const text = typeof content === 'string' ? content : strictTextOf(content);
      if (text === undefined || NOT_XML.test(text) || text.includes(']]>')) {
        exception ??= 'row 2: raw binary is copied unencoded into the XML';
      } else if (element.name === 'NextNonce' && typeof content !== 'string') {
        exception ??= 'row 2: NextNonce given as OPAQUE is turned into base64';
      }
    }
    if (encoding === 'wbxml' && /^[0-9a-f]+:/.test(element.name)) {
      exception ??= 'row 9: unknown elements are errors';
    }
    if (element.name === 'MgmtTree' && element !== root) {
      exception ??= 'row 4: an inline MgmtTree becomes an embedded document';
    }
  });
  return exception;
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

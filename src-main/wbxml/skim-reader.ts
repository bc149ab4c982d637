/**
 * Reads a SyncML document for somebody who wants to know little of it. It goes over the same tokens as the body reader,
 * with the same caps, and refuses the same documents; but for elements that are left out, and for all that is in them,
 * nothing is made and no text is cut. A relay looks at every message that passes, and a whole tree of each is what most
 * of its memory would come and go for.
 */
import { type Element, NO_CHILDREN } from '../base/element.ts';
import { BodyReader, type OpenElement } from './body-reader.ts';
import type { Data } from './data.ts';
import { WBXML_LIMITS, wbxmlError } from './document.ts';
import { readWbxmlHeader } from './header-reader.ts';
import { checkSize, type WbxmlReadOptions } from './reader.ts';
import { Page, TAG_HAS_ATTRIBUTES, TAG_HAS_CONTENT, TAG_TOKEN_MASK, Token, tagTableOf } from './tokens.ts';

export interface WbxmlSkim {
  /** The tree without what was left out. */
  readonly root: Element;
  /** The element that was looked for is there, in what was left out or elsewhere. */
  readonly found: boolean;
}

/** What to leave out and what to look for, in tokens of page 0 of a SyncML document. */
export interface SkimPlan {
  /** By token: as many elements around it, or more, and it is left out. */
  readonly leaveOut: Int32Array;
  readonly lookFor: number;
}

/** Around no element are so many. */
const NEVER = 0x7fffffff;

/** @param leaveOut names of elements, each with how many must be around it at least, one or more */
export function skimPlan(leaveOut: Readonly<Record<string, number>>, lookFor: string): SkimPlan {
  const tokens = tagTableOf('syncml').tokens[Page.SyncMl] ?? {};
  const depths = new Int32Array(TAG_TOKEN_MASK + 1).fill(NEVER);
  for (const [name, depth] of Object.entries(leaveOut)) depths[tokens[name] as number] = depth;
  return { leaveOut: depths, lookFor: tokens[lookFor] as number };
}

/**
 * A document of another language than SyncML is read whole.
 * @throws PcAgentError `wbxml/*` with the offset, the same as `readWbxml`.
 */
export function skimWbxml(bytes: Uint8Array, plan: SkimPlan, options: WbxmlReadOptions = {}): WbxmlSkim {
  const limits = options.limits === undefined ? WBXML_LIMITS : { ...WBXML_LIMITS, ...options.limits };
  checkSize(bytes, limits);
  const header = readWbxmlHeader(bytes, options);
  if (header.language !== 'syncml') return { root: new BodyReader(bytes, header, limits).read(), found: true };
  const body = new SkimReader(plan, bytes, header, limits);
  const root = body.read();
  return { root, found: body.found };
}

class SkimReader extends BodyReader {
  found = false;
  private readonly plan: SkimPlan;

  constructor(plan: SkimPlan, ...rest: ConstructorParameters<typeof BodyReader>) {
    super(...rest);
    this.plan = plan;
  }

  /** The loop of the body reader, and `quiet`: the depth of the element that is being left out, or more than any. */
  protected override readElements(): void {
    const { bytes, names, made, texts, limits, stack, starts } = this;
    const { leaveOut, lookFor } = this.plan;
    const size = bytes.length;
    const { elements: mostElements, depth: mostDepth } = limits;
    let page: number = Page.SyncMl;
    let { at } = this;
    let depth = 0;
    let count = 0;
    let elements = 0;
    let quiet = NEVER;
    do {
      const start = at;
      const byte = bytes[start];
      if (byte === undefined) throw wbxmlError('truncated', 'the document ends within an element', start);
      if (byte === Token.End) {
        if (depth === 0) throw wbxmlError('unexpected-token', 'an element ends that has not begun', start);
        at = start + 1;
        depth -= 1;
        if (depth > quiet) continue;
        const element = stack[depth] as OpenElement;
        if (this.pieces !== undefined) this.join(element, this.pieces[depth]);
        if (depth === quiet) {
          quiet = NEVER;
          continue;
        }
        const from = starts[depth] as number;
        if (count > from) element.children = this.takeMade(from, count);
        made[from] = element;
        count = from + 1;
        continue;
      }
      const token = byte & TAG_TOKEN_MASK;
      if (byte === Token.SwitchPage && start + 1 < size) {
        page = bytes[start + 1] as number;
        at = start + 2;
        continue;
      }
      if (token < Token.Literal) {
        this.at = start;
        // What is left out gathers its content in one place, which is emptied when it ends.
        this.depth = depth > quiet ? quiet + 1 : depth;
        this.readOther(byte);
        at = this.at;
        continue;
      }
      at = start + 1;
      let name = page < 3 ? names[(page << 6) | token] : undefined;
      if (name === undefined || byte >= TAG_HAS_ATTRIBUTES) {
        this.at = at;
        // A literal may be the very name that is looked for.
        if (token === Token.Literal) this.found = true;
        name ??= this.otherName(page, token, start);
        if (byte >= TAG_HAS_ATTRIBUTES) this.skipAttributes();
        at = this.at;
      }
      elements += 1;
      if (elements > mostElements || depth > mostDepth) throw this.beyondCap(elements, start);
      let silent = depth > quiet;
      if (page === Page.SyncMl) {
        if (token === lookFor) this.found = true;
        if (!silent && depth >= (leaveOut[token] as number)) {
          silent = true;
          if ((byte & TAG_HAS_CONTENT) !== 0) quiet = depth;
        }
      }
      let content: Data | undefined;
      if ((byte & TAG_HAS_CONTENT) !== 0) {
        if (at < size && bytes[at] === Token.StrI) {
          const nul = texts.endOf(at + 1);
          if (nul < 0) throw wbxmlError('truncated', 'a string does not end', at);
          if (!silent && nul > at + 1) content = texts.text(at + 1, nul);
          at = nul + 1;
        }
        if (at >= size || bytes[at] !== Token.End) {
          if (depth <= quiet) {
            stack[depth] = { page, name, children: NO_CHILDREN, content };
            starts[depth] = count;
          }
          depth += 1;
          continue;
        }
        at += 1;
        if (quiet === depth) quiet = NEVER;
      }
      if (silent) continue;
      made[count] = { page, name, children: NO_CHILDREN, content };
      count += 1;
    } while (depth > 0 || count === 0);
    this.at = at;
  }
}

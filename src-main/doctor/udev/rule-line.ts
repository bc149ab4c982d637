/** One condition or assignment of a rule, e.g. `ENV{DEVTYPE}=="usb_device"` (udev(7), "Rules files"). */
export interface RuleTerm {
  /** With its attribute: `ENV{DEVTYPE}`. */
  readonly key: string;
  readonly operator: '==' | '!=' | '=' | '+=' | '-=' | ':=';
  readonly value: string;
}

export interface RuleLine {
  /** Number of its first line. */
  readonly line: number;
  readonly text: string;
  readonly terms: readonly RuleTerm[];
}

const TERM = /([A-Z_]+(?:\{[^}"]*\})?)\s*(==|!=|\+=|-=|:=|=)\s*[ei]?"((?:[^"\\]|\\.)*)"/g;
/** Rules of a file that are looked at. */
const MOST_RULES = 5_000;

/** The rules of a file; what is no rule is left out. A backslash at the end of a line joins the next to it. */
export function readRules(text: string): readonly RuleLine[] {
  const rules: RuleLine[] = [];
  let open: { readonly line: number; readonly text: string } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const piece = raw.trim();
    if (open === undefined && (piece === '' || piece.startsWith('#'))) continue;
    const begun = open ?? { line: index + 1, text: '' };
    if (piece.endsWith('\\')) {
      open = { line: begun.line, text: begun.text + piece.slice(0, -1) };
      continue;
    }
    open = undefined;
    const whole = begun.text + piece;
    const terms = [...whole.matchAll(TERM)].map((match) => term(match));
    if (terms.length > 0) rules.push({ line: begun.line, text: whole, terms });
    if (rules.length === MOST_RULES) break;
  }
  return rules;
}

function term([, key = '', operator = '==', value = '']: RegExpMatchArray): RuleTerm {
  return { key, operator: operator as RuleTerm['operator'], value };
}

/** Whether a value matches a pattern of udev: `*`, `?`, `[…]` and alternatives with `|` (udev(7)). */
export function matchesPattern(pattern: string, value: string): boolean {
  return pattern.split('|').some((each) => matchesOne(each, value));
}

function matchesOne(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^${expressionOf(pattern)}$`, 's').test(value);
  } catch {
    // A range that runs backwards has no signs in it (fnmatch(3)).
    return false;
  }
}

function expressionOf(pattern: string): string {
  return pattern.replace(/\[(!?)([^\]\\]+)\]|[\s\S]/g, (sign, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[[\]^]/g, '\\$&')}]`;
    if (sign === '*') return '.*';
    if (sign === '?') return '.';
    return sign.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
}

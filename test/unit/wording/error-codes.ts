import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../../src-main/wording/catalogue.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FAMILY = Object.keys(catalogue('en').errors.byFamily).join('|');

/** A code that is written out. */
const LITERAL = new RegExp(`'((?:${FAMILY})/[a-z0-9-]+)'`, 'g');
/** A code whose family or reason is put in when the program runs. */
const TEMPLATE = new RegExp(`\`(?:(?:${FAMILY})/[^\`/ ]*\\$\\{[^\`]*|\\$\\{[\\w.]*family\\}/[^\`]*)\``, 'g');
/** A code where an error is made, whatever its family. */
const MADE = /(?:PcAgentError|ApiError)\(\s*(?:\d+,\s*)?'([^']+)'/g;

/** For each template the families and where the reasons that go into it are written out. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  '`xml/${reason}`': { families: ['xml'], under: 'src-main/xml/', call: /(?:xmlError|this\.error)\(([^,]+),/g },
  '`wbxml/${reason}`': { families: ['wbxml'], under: 'src-main/wbxml/', call: /(?:wbxmlError|writeError)\(([^,]+),/g },
  '`provisioning/${reason}`': {
    families: ['provisioning'],
    under: 'src-main/provisioning/',
    call: /documentError\(([^,]+),/g,
  },
  // What was found wrong with a content, and what the disk said.
  '`cache/${reason}`': { families: ['cache'], under: 'src-main/cache/', call: /(?:\bmake|quarantine)\(([^,]+),/g },
  '`${fault.family}/${reason}`': {
    families: ['dms', 'net'],
    under: 'src-main/net/transport-error.ts',
    call: /\bmake\(([^,]+),/g,
  },
  '`${family}/timeout`': { families: ['dms', 'net'], reasons: ['timeout'] },
  '`${family}/answer-too-large`': { families: ['dms', 'net'], reasons: ['answer-too-large'] },
  '`${family}/answer-truncated`': { families: ['dms', 'net'], reasons: ['answer-truncated'] },
  '`dms/${what}-refused`': { families: ['dms'], reasons: ['host-refused', 'origin-refused'] },
  '`page/wrong-${verdict.reason}`': { families: ['page'], reasons: ['wrong-host', 'wrong-origin'] },
  // The states in which a job is no success.
  "`job/${worst?.state ?? 'failed'}`": {
    families: ['job'],
    reasons: ['refused', 'postponed', 'failed', 'cancelled', 'expired', 'waiting'],
  },
};

interface Template {
  readonly families: readonly string[];
  readonly reasons?: readonly string[];
  readonly under?: string;
  /** Its first group holds the reasons. */
  readonly call?: RegExp;
}

interface CodesInSource {
  /** All codes that can come about. */
  readonly codes: ReadonlySet<string>;
  /** Templates that `TEMPLATES` does not know. */
  readonly unknownTemplates: readonly string[];
  /** Codes of errors whose family the catalogue does not know. */
  readonly unknownFamilies: readonly string[];
}

/** The codes that product and page can show, read from their source. */
export function codesInSource(): CodesInSource {
  const texts = sources();
  const whole = [...texts.values()].join('\n');
  const literals = [...whole.matchAll(LITERAL)].map(([, code]) => code ?? '');
  const templates = [...new Set([...whole.matchAll(TEMPLATE)].map(([text]) => text))];
  return {
    codes: new Set([...literals, ...templates.flatMap((text) => expanded(text, texts))]),
    unknownTemplates: templates.filter((text) => TEMPLATES[text] === undefined),
    unknownFamilies: [...whole.matchAll(MADE)].map(([, code]) => code ?? '').filter((code) => !literals.includes(code)),
  };
}

function sources(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const folder of ['src-main', 'src-renderer']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      const file = `${folder}/${name.replaceAll('\\', '/')}`;
      if (!/\.tsx?$/.test(file) || file.startsWith('src-main/wording/')) continue;
      texts.set(file, readFileSync(join(ROOT, file), 'utf8'));
    }
  }
  return texts;
}

function expanded(text: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const template = TEMPLATES[text];
  if (template === undefined) return [];
  const reasons = template.reasons ?? reasonsGiven(template, texts);
  return template.families.flatMap((family) => reasons.map((reason) => `${family}/${reason}`));
}

function reasonsGiven({ under = '', call = / /g }: Template, texts: ReadonlyMap<string, string>): readonly string[] {
  const calls = [...texts].filter(([file]) => file.startsWith(under)).flatMap(([, text]) => [...text.matchAll(call)]);
  return calls.flatMap(([, given = '']) => [...given.matchAll(/'([a-z0-9-]+)'/g)].map(([, reason]) => reason ?? ''));
}

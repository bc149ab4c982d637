import { RULE_FOLDERS, RULES_NAME } from '../rule-files.ts';
import { readText, type System } from '../system.ts';
import { matchesPattern, type RuleLine, type RuleTerm, readRules } from './rule-line.ts';

/** What udev knows of a device when it goes through its rules, by key; what is not here is not known. */
export type DeviceProperties = Readonly<Record<string, string>>;

/** A rule of another file that takes back what ours gives. */
export interface OverridingRule {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Any handset with an OBEX interface: rules for all USB devices apply to it. */
export const ANY_HANDSET: DeviceProperties = {
  ACTION: 'add',
  SUBSYSTEM: 'usb',
  'ENV{DEVTYPE}': 'usb_device',
  'ENV{ID_USB_INTERFACES}': ':020b00:0a0000:',
};

/** What a rule may set that decides who may open a node. */
const DECIDING = ['MODE', 'GROUP', 'TAG'];
/** Where the tag is acted on; afterwards it means nothing. */
const SEAT_RULES = '73-seat-late.rules';
const MOST_FILES = 500;
/** More tell nothing more. */
const MOST_FOUND = 5;

/**
 * Rules that surely apply to the device and give it another mode or group than ours, or take `uaccess` away: those
 * that come after ours, and earlier ones with `:=`, which is final (udev(7)). A rule with a condition that cannot be
 * known here is not accused.
 */
export async function overridingRules(system: System, device: DeviceProperties): Promise<readonly OverridingRule[]> {
  const found: OverridingRule[] = [];
  for (const { name, path } of await ruleFiles(system)) {
    if (name === RULES_NAME) continue;
    const rules = readRules((await readText(system, path)) ?? '');
    for (const rule of applying(rules, device)) {
      if (rule.terms.some((term) => takesBack(term, name))) {
        found.push({ path, line: rule.line, text: rule.text });
      }
      if (found.length === MOST_FOUND) return found;
    }
  }
  return found;
}

/** In the order in which udev reads them: by name, wherever they lie. */
async function ruleFiles(system: System): Promise<readonly { readonly name: string; readonly path: string }[]> {
  const files = new Map<string, string>();
  for (const folder of RULE_FOLDERS) {
    for (const name of await system.list(folder)) {
      if (name.endsWith('.rules') && !files.has(name)) files.set(name, `${folder}/${name}`);
    }
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.slice(0, MOST_FILES).map(([name, path]) => ({ name, path }));
}

/** The rules of a file that surely apply; where it may jump over some, they do not. */
function applying(rules: readonly RuleLine[], device: DeviceProperties): readonly RuleLine[] {
  const found: RuleLine[] = [];
  let skipTo: string | undefined;
  for (const rule of rules) {
    if (skipTo !== undefined && !rule.terms.some(({ key, value }) => key === 'LABEL' && value === skipTo)) continue;
    skipTo = undefined;
    const verdict = verdictOn(rule, device);
    const jump = rule.terms.find(({ key }) => key === 'GOTO');
    // It may jump: what lies between is not certain.
    if (jump !== undefined && verdict !== 'no') skipTo = jump.value;
    if (verdict === 'yes') found.push(rule);
  }
  return found;
}

function verdictOn({ terms }: RuleLine, device: DeviceProperties): 'yes' | 'no' | 'unknown' {
  let unknown = false;
  for (const { key, operator, value } of terms) {
    if (operator !== '==' && operator !== '!=') continue;
    const known = device[key] ?? device[key.replace(/^(ATTR|SUBSYSTEM|KERNEL|DRIVER)S(?=\{|$)/, '$1')];
    if (known === undefined) unknown = true;
    else if (matchesPattern(value, known) !== (operator === '==')) return 'no';
  }
  return unknown ? 'unknown' : 'yes';
}

function takesBack({ key, operator, value }: RuleTerm, name: string): boolean {
  if (!DECIDING.includes(key)) return false;
  const later = name > RULES_NAME;
  if (key === 'TAG') {
    const gone = operator === '-=' ? value === 'uaccess' : operator === '=' && value !== 'uaccess';
    return gone && later && name < SEAT_RULES;
  }
  if (operator !== ':=' && !(operator === '=' && later)) return false;
  // What gives at least as much is no harm.
  return key === 'MODE' ? (Number.parseInt(value, 8) & 0o660) !== 0o660 : value !== 'dialout' && value !== 'plugdev';
}

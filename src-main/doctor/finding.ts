import { hexOf } from '../base/bytes.ts';
import { nodeDigest } from '../base/node/digest.ts';
import type { Finding, Remedy } from '../contract/doctor.ts';
import type { AttachedDevice } from './attached-device.ts';

export type Fact = Finding['facts'][number];
type Check = Finding['check'];

/** What a check came to. */
export interface Verdict {
  readonly state: Finding['state'];
  readonly code?: string | undefined;
  readonly facts: readonly (Fact | undefined)[];
  readonly remedy?: Remedy | undefined;
  /** The way that the trouble is with; default: the first. */
  readonly address?: string | undefined;
}

const MOST_FACTS = 40;
const LONGEST_VALUE = 300;

export function fact(name: string, value: string | number | undefined): Fact | undefined {
  return value === undefined || value === '' ? undefined : { name, value: plain(String(value)) };
}

/** About the computer as a whole. */
export function computerFinding(check: Check, verdict: Verdict): Finding {
  return { id: check, check, ...said(verdict) };
}

/** About one attached thing. */
export function deviceFinding(check: Check, { thing }: AttachedDevice, verdict: Verdict): Finding {
  const name = [thing.manufacturer, thing.product].filter((text) => text !== undefined).join(' ');
  const address = verdict.address ?? thing.functions[0]?.address;
  return {
    id: `${check}:${thing.id}`,
    check,
    name: plain(name === '' ? thing.id : name),
    ...(address === undefined ? {} : { address }),
    place: thing.place,
    ...said(verdict),
  };
}

function said({ state, code, facts, remedy }: Verdict): Pick<Finding, 'state' | 'code' | 'facts' | 'remedy'> {
  return {
    state,
    ...(state === 'good' || code === undefined ? {} : { code }),
    facts: facts.filter((each) => each !== undefined).slice(0, MOST_FACTS),
    ...(remedy === undefined ? {} : { remedy: { ...remedy, digest: remedyDigest(remedy) } }),
  };
}

/** Of what a remedy does: a person agrees to this, not to its name. */
export function remedyDigest({ path, content, commands }: Remedy): string {
  return hexOf(nodeDigest.sha256(new TextEncoder().encode(JSON.stringify([path, content, commands]))));
}

/** What devices say of themselves gets onto screens and terminals. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, LONGEST_VALUE);
}

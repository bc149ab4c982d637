import type { Finding } from '../../../src-main/contract/doctor.ts';

/** Findings about one thing, or about the computer. */
export interface FindingGroup {
  /** Id of the thing; empty: the computer as a whole. */
  readonly thing: string;
  readonly name: string | undefined;
  readonly place: string | undefined;
  /** What a person is to see: trouble first. */
  readonly shown: readonly Finding[];
  /** Good, and nothing to do. */
  readonly quiet: readonly Finding[];
}

/** What the whole examination came to. */
export interface Examined {
  readonly groups: readonly FindingGroup[];
  /** How many things need a person. */
  readonly trouble: number;
  /** There is neither USB nor a serial port, so that nothing of it is a trouble. */
  readonly noCables: boolean;
  /** Things that are attached. */
  readonly things: number;
}

const COMPUTER = '';
const ORDER: readonly Finding['state'][] = ['trouble', 'unknown', 'good'];

/** @param wanted the finding that somebody came for: it is shown however it is */
export function examined(findings: readonly Finding[], wanted: Finding | undefined): Examined {
  const things = [...new Set(findings.map(thingOf))];
  const attached = things.filter((thing) => thing !== COMPUTER);
  const noCables =
    attached.length === 0 && findings.some(({ code, state }) => state === 'trouble' && code === 'doctor/no-usb');
  const isCalm = ({ check }: Finding) => noCables && (check === 'usb-system' || check === 'udev-rules');
  const groups = things.map((thing): FindingGroup => {
    const own = findings.filter((finding) => thingOf(finding) === thing);
    const isShown = (finding: Finding) => finding === wanted || (!isCalm(finding) && isNews(finding));
    const named = own.find(({ name }) => name !== undefined);
    return {
      ...{ thing, name: named?.name, place: named?.place },
      shown: own.filter(isShown).toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
      quiet: own.filter((finding) => !isShown(finding)),
    };
  });
  const needsPerson = (finding: Finding) => finding.state === 'trouble' && !isTriedAgain(finding);
  const troubled = (group: FindingGroup) => Number(group.shown.some(needsPerson));
  return {
    groups: groups.toSorted((a, b) => troubled(b) - troubled(a)),
    trouble: findings.filter((finding) => needsPerson(finding) && !isCalm(finding)).length,
    noCables,
    things: attached.length,
  };
}

/** The finding that an address of the page means: its id, or the way that is in trouble. */
export function wantedFinding(findings: readonly Finding[], target: string | undefined): Finding | undefined {
  if (target === undefined) return undefined;
  const about = findings.filter(({ address }) => address === target);
  return findings.find(({ id }) => id === target) ?? about.find(({ state }) => state === 'trouble') ?? about[0];
}

/** A way in that could not be opened, and is tried again without anybody. */
export function isTriedAgain({ check, code }: Pick<Finding, 'check' | 'code'>): boolean {
  return check === 'way-in' && code === 'listening/failed';
}

/** Trouble, what can be done though it is none yet, and what was done and can be undone. */
function isNews({ state, remedy }: Finding): boolean {
  return state === 'trouble' || remedy?.applied === true || (state === 'unknown' && remedy !== undefined);
}

/** Ways in are the computer's, though there are several. */
function thingOf({ id, check }: Finding): string {
  if (check === 'way-in') return COMPUTER;
  return id.slice(check.length + 1);
}

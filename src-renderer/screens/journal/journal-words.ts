import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { JobRow } from '../../../src-main/contract/journal-views.ts';
import type { SessionRow } from '../../../src-main/contract/sessions.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { resultCodeText } from '../../../src-main/wording/code-text.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import { deviceName, deviceNumber, isProvisional } from '../../components/device-name.ts';
import type { StateWord } from '../../components/state-word.ts';

type Words = Catalogue['screens']['journal'];

interface PhoneText {
  readonly name: string;
  /** Its number or address with the serial number hidden; empty where the name says it. */
  readonly number: string;
}

/** What people call the phone of a row. */
export function phoneText(
  { device, handset, virtual }: Pick<JobRow, 'device' | 'handset' | 'virtual'>,
  handsets: readonly KnownHandset[],
): PhoneText {
  if (device === undefined) return { name: maskEquipmentNumbers(handset), number: '' };
  const number = deviceNumber({ device, virtual });
  const known = handsets.find((each) => each.device === device);
  const name = known === undefined ? number : deviceName(known);
  return { name, number: name === number || (known !== undefined && isProvisional(known)) ? '' : number };
}

/** How a phone is called where one is chosen. */
export function phoneChoiceText(handset: KnownHandset): string {
  const [name, number] = [deviceName(handset), deviceNumber(handset)];
  return name === number || isProvisional(handset) ? name : `${name} · ${number}`;
}

/** A server as people know it: the host of its address, else what stands there. */
export function serverText(address: string): string {
  return URL.canParse(address) ? new URL(address).host || address : address;
}

/** What a session came to, with its code. */
export function sessionResultText({ state, code }: SessionRow, { sessions, jobs }: Words, language: Language): string {
  if (code !== undefined) return jobs.withCode(errorText(code, language).what, code);
  switch (state) {
    case 'started':
    case 'running':
      return sessions.running;
    case 'done':
      return sessions.noResult;
    case 'aborted':
      return sessions.aborted;
    case 'ended-unread':
      return sessions.unreadText;
    case 'failed':
      return jobs.results.failed;
  }
}

/** Seconds that a session took; absent while it goes on. */
export function sessionSeconds({ startedAt, endedAt }: Pick<SessionRow, 'startedAt' | 'endedAt'>): number | undefined {
  if (endedAt === undefined) return undefined;
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** The word for a job's state that is the same everywhere. */
export function jobStateWord(state: JobRow['state']): StateWord {
  return state === 'running' ? 'working' : state;
}

/** What a job does, and with what. */
export function jobText(
  { operation, package: packageId, component }: JobRow,
  nameOf: (id: string) => string | undefined,
  { jobs: { operations, unknownThing } }: Words,
): string {
  if (operation === 'inventory') return operations.inventory;
  const name = packageId === undefined ? undefined : nameOf(packageId);
  return operations[operation](name ?? packageId ?? component ?? unknownThing);
}

/** What a job came to: why it did not work, else the handset's own result, else its state. */
export function jobResultText({ state, code, resultCode }: JobRow, { jobs }: Words, language: Language): string {
  if (resultCode !== undefined) return jobs.withCode(resultCodeText(resultCode, language), String(resultCode));
  if (code !== undefined) return jobs.withCode(errorText(code, language).what, code);
  return jobs.results[state];
}

import type { SettingsView } from '../../../src-main/contract/settings-view.ts';

type Retention = SettingsView['journalBodies'];

const MEGABYTE = 1_000_000;
const MAX_DAYS = 3650;
const MAX_MEGABYTES = 1_000_000;
/** What is offered where nothing is kept until now; the host's own default. */
const USUAL = { days: 7, bytes: 200 * MEGABYTE };

/** What a person has typed. */
export interface RetentionForm {
  readonly keep: boolean;
  readonly days: string;
  readonly megabytes: string;
}

export interface RetentionErrors {
  readonly days: boolean;
  readonly megabytes: boolean;
}

export function retentionForm(kept: Retention): RetentionForm {
  const { days, bytes } = kept === 'off' ? USUAL : kept;
  return { keep: kept !== 'off', days: String(days), megabytes: String(bytes / MEGABYTE) };
}

export function retentionErrors({ keep, days, megabytes }: RetentionForm): RetentionErrors {
  return {
    days: keep && !isNumber(days, MAX_DAYS),
    megabytes: keep && !isNumber(megabytes, MAX_MEGABYTES),
  };
}

/** What the form means; only for one without errors. */
export function retentionOf({ keep, days, megabytes }: RetentionForm): Retention {
  if (!keep) return 'off';
  return { days: numberOf(days), bytes: Math.round(numberOf(megabytes) * MEGABYTE) };
}

export function isSameRetention(a: Retention, b: Retention): boolean {
  if (a === 'off' || b === 'off') return a === b;
  return a.days === b.days && a.bytes === b.bytes;
}

/** What saving does to what is kept now: `all` of it goes, `some` may, or nothing. */
export function removalBy(after: Retention, before: Retention): 'none' | 'some' | 'all' {
  if (before === 'off') return 'none';
  if (after === 'off') return 'all';
  return after.days < before.days || after.bytes < before.bytes ? 'some' : 'none';
}

function isNumber(text: string, most: number): boolean {
  return /^\d+([.,]\d+)?$/.test(text.trim()) && numberOf(text) <= most;
}

function numberOf(text: string): number {
  return Number(text.trim().replace(',', '.'));
}

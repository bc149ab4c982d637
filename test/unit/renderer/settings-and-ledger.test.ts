import { describe, expect, it } from 'vitest';
import { placeOf, rowsShown, totalsOf, wordFor } from '../../../src-renderer/screens/network/ledger-rows.ts';
import {
  isSameRetention,
  removalBy,
  retentionErrors,
  retentionForm,
  retentionOf,
} from '../../../src-renderer/screens/settings/retention-form.ts';

const row = (host: string, bytesOut: number, bytesIn: number) => ({
  ...{ host, port: 443, purpose: 'job', initiator: 'relay', at: '2026-11-21T09:00:00Z' },
  ...{ bytesOut, bytesIn },
});

describe('how long raw messages are kept', () => {
  it.each(['off', { days: 7, bytes: 200_000_000 }, { days: 0.5, bytes: 1 }] as const)(
    'is the same after the form: %j',
    (kept) => {
      expect(isSameRetention(retentionOf(retentionForm(kept)), kept)).toBe(true);
    },
  );

  it.each(['', '-1', '1e3', '3651', 'NaN', '0x10'])('takes no number of days from "%s"', (days) => {
    expect(retentionErrors({ keep: true, days, megabytes: '1' }).days).toBe(true);
    expect(retentionErrors({ keep: false, days, megabytes: '1' }).days).toBe(false);
  });

  it('says what saving removes', () => {
    const week = { days: 7, bytes: 100 };
    expect(removalBy('off', week)).toBe('all');
    expect(removalBy({ days: 6, bytes: 200 }, week)).toBe('some');
    expect(removalBy({ days: 8, bytes: 100 }, week)).toBe('none');
    expect(removalBy(week, 'off')).toBe('none');
  });
});

describe('the rows of the ledger', () => {
  it('come to a sum for each host, the one with most traffic first', () => {
    expect(totalsOf([row('a', 1, 2), row('b', 10, 20), row('a', 3, 4)])).toEqual([
      { host: 'b', connections: 1, bytesOut: 10, bytesIn: 20 },
      { host: 'a', connections: 2, bytesOut: 4, bytesIn: 6 },
    ]);
  });

  it('are shown newest first, and only those that hold every word', () => {
    const rows = [row('a.example', 1, 1), row('b.example', 1, 1)];
    expect(rowsShown(rows, '', ({ host }) => host)).toEqual(rows.toReversed());
    expect(rowsShown(rows, ' EXAMPLE a.', ({ host }) => host)).toEqual([rows[0]]);
  });

  it('name an address of IPv6 so that its port can be told', () => {
    expect(placeOf({ host: '2001:db8::1', port: 80 })).toBe('[2001:db8::1]:80');
  });

  it('keep a purpose that has no words, also one that looks like a property of every object', () => {
    expect(wordFor({ job: 'Job' }, 'job')).toBe('Job');
    expect(wordFor({ job: 'Job' }, 'constructor')).toBe('constructor');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { loadAllWords } from '../../../src-main/wording/catalogue.ts';
import { journal } from '../../../src-main/wording/en/screens/journal.ts';
import { exportFileName } from '../../../src-renderer/screens/journal/export-file-name.ts';
import {
  jobResultText,
  jobStateWord,
  jobText,
  phoneText,
  serverText,
  sessionResultText,
  sessionSeconds,
} from '../../../src-renderer/screens/journal/journal-words.ts';
import { jobRow, sessionRow } from '../../window/fixtures/journal.ts';
import { HANDSETS } from '../../window/fixtures/packages.ts';

beforeAll(() => loadAllWords('en'));

const nameOf = (id: string) => (id === 'mail-2.1.0' ? 'Mail 2.1.0' : undefined);

describe('the phone of a row', () => {
  it.each([
    ['IMEI:490154203237518', false, 'Front desk', 'IMEI:49015420*******'],
    ['IMEI:353816058851462', false, 'IMEI:35381605*******', ''],
    ['IMEI:004999010640000', true, 'PC Agent Virtual', 'IMEI:004999010640000'],
    [undefined, false, 'bt:49015420*******', ''],
  ])('%s is called %s', (device, virtual, name, number) => {
    const row = { handset: 'bt:490154203237518', virtual, ...(device === undefined ? {} : { device }) };
    expect(phoneText(row, HANDSETS)).toEqual({ name, number });
  });
});

describe('a session in words', () => {
  it('names why it failed with the code, else how it ended', () => {
    const failed = sessionRow(1, { state: 'failed', code: 'relay/stalled' });
    expect(sessionResultText(failed, journal, 'en')).toBe('Neither side said anything for too long. (relay/stalled)');
    expect(sessionResultText(sessionRow(1), journal, 'en')).toBe('Ended as it should');
    expect(sessionResultText(sessionRow(1, { state: 'running' }), journal, 'en')).toBe('still going on');
  });

  it('took the time between its two ends, and none while it goes on', () => {
    const { endedAt: _end, ...going } = sessionRow(1);
    expect([sessionSeconds(sessionRow(1)), sessionSeconds(going)]).toEqual([42, undefined]);
    expect(sessionSeconds({ startedAt: 'never', endedAt: 'never' })).toBeUndefined();
  });

  it.each([
    ['https://dm.example.com:8443/dm', 'dm.example.com:8443'],
    ['pc-agent', 'pc-agent'],
    ['https://<b>evil</b>/', 'https://<b>evil</b>/'],
  ])('with the server %s as %s', (address, text) => {
    expect(serverText(address)).toBe(text);
  });
});

describe('a job in words', () => {
  it('names what is done with what, by the package’s own name while it is kept', () => {
    const { package: _package, ...bare } = jobRow(1);
    expect(jobText(jobRow(1), nameOf, journal)).toBe('Install Mail 2.1.0');
    expect(jobText(jobRow(1, { package: 'gone' }), nameOf, journal)).toBe('Install gone');
    expect(jobText({ ...bare, operation: 'remove', component: 'Mail' }, nameOf, journal)).toBe('Remove Mail');
    expect(jobText({ ...bare, operation: 'inventory' }, nameOf, journal)).toBe('Read the software');
    expect(jobText(bare, nameOf, journal)).toBe('Install something unnamed');
  });

  it('ends with the word of the handset, else the code, else its state', () => {
    const { resultCode: _code, ...silent } = jobRow(1);
    expect(jobResultText(jobRow(1, { resultCode: 1401 }), journal, 'en')).toBe(
      'Cancelled by the person at the handset (1401)',
    );
    expect(jobResultText({ ...silent, state: 'failed', code: 'relay/stalled' }, journal, 'en')).toContain(
      'relay/stalled',
    );
    expect(jobResultText({ ...silent, state: 'skipped' }, journal, 'en')).toBe('Nothing to do');
    expect([jobStateWord('running'), jobStateWord('waiting'), jobStateWord('expired')]).toEqual([
      'working',
      'waiting',
      'expired',
    ]);
  });
});

describe('the name of an export', () => {
  it('says what it is and of which day, in letters that every file system takes', () => {
    const day = new Date(2026, 10, 5);
    expect(exportFileName('sessions', 'csv', day)).toBe('pc-agent-sessions-2026-11-05.csv');
    expect(exportFileName('report-../../etc', 'json', day)).toBe('pc-agent-report-etc-2026-11-05.json');
    expect(exportFileName('x'.repeat(500), 'json', day).length).toBeLessThan(120);
  });
});

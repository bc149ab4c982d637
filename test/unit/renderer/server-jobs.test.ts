import { describe, expect, it } from 'vitest';
import type { DmsJobView } from '../../../src-main/contract/software-views.ts';
import { catalogue, loadAllWords } from '../../../src-main/wording/catalogue.ts';
import {
  dmsJobText,
  isAbout,
  isWaiting,
  jobPhoneText,
  jobResultWords,
  standingOf,
} from '../../../src-renderer/screens/servers/job-words.ts';
import { withJob } from '../../../src-renderer/screens/servers/with-job.ts';
import { choicesOf, faultsOf, matchingFaults, withChoice } from '../../../src-renderer/screens/virtual/fault-choice.ts';
import { aDemoPhone, aHandset } from '../../window/fixtures/handsets.ts';
import { FAULTS, JOBS } from '../../window/fixtures/server-jobs.ts';

const job = (more: Partial<DmsJobView> = {}): DmsJobView => ({
  id: 'a',
  operation: 'install',
  state: 'queued',
  ...more,
});

describe('jobs of a DM server on the screen', async () => {
  await loadAllWords('de');
  await loadAllWords('en');
  const words = catalogue('en').screens.serverJobs;

  it('stand as what they wait for, and wait for a phone only when for nobody else', () => {
    expect(standingOf(job())).toBe('queued');
    expect(standingOf(job({ approval: 'granted' }))).toBe('queued');
    expect(standingOf(job({ approval: 'awaited' }))).toBe('awaited');
    expect(standingOf(job({ approval: 'refused', state: 'failed' }))).toBe('refused');
    expect(standingOf(job({ approval: 'granted', state: 'done' }))).toBe('done');
    expect(JOBS.filter(isWaiting).map(({ id }) => id)).toEqual(['job-7', 'job-6', 'job-3']);
  });

  it('are about the phone of their number, however it is written, or about every one of a model', () => {
    const phone = aHandset();
    expect(isAbout(job({ device: '356938035643809' }), phone)).toBe(true);
    expect(isAbout(job({ device: 'imei:356938035643809', model: 'Other' }), phone)).toBe(true);
    expect(isAbout(job({ model: 'N7 Plus' }), phone)).toBe(true);
    expect(isAbout(job({ device: 'IMEI:356938035643817', model: 'N7 Plus' }), phone)).toBe(false);
    expect(isAbout(job(), phone)).toBe(false);
  });

  it('are said in the words of the screen, in both languages', () => {
    const nameOf = (id: string) => (id === 'maps' ? 'Maps 1.1' : undefined);
    const texts = [
      job({ package: 'maps' }),
      job({ operation: 'remove', component: 'x' }),
      job({ operation: 'firmware' }),
      job({ operation: 'install' }),
      job({ operation: 'reset', package: 'maps' }),
      job({ operation: '__proto__' }),
    ];
    expect(texts.map((each) => dmsJobText(each, nameOf, words))).toEqual([
      ...['Install Maps 1.1', 'Remove x', 'Update the firmware', 'install', 'reset Maps 1.1', '__proto__'],
    ]);
    expect(dmsJobText(job({ package: 'maps' }), nameOf, catalogue('de').screens.serverJobs)).toBe(
      'Maps 1.1 installieren',
    );
    expect(jobResultWords(job({ resultCode: 1405 }), words, 'en')).toBe('Installation failed (1405)');
    expect(jobResultWords(job(), words, 'en')).toBe('');
  });

  it('hide the serial number of a real phone that is not known', () => {
    const known = [aDemoPhone(0)];
    expect(jobPhoneText({ device: aDemoPhone(0).device }, known, words)).toBe('Demo phone');
    expect(jobPhoneText({ device: 'IMEI:356938035643809' }, known, words)).toBe('IMEI:35693803*******');
    expect(jobPhoneText({ device: '004999010640018' }, [], words)).toBe('004999010640018');
    expect(jobPhoneText({ model: 'N7' }, [], words)).toBe('any N7');
  });

  it('are the same list when nothing is another, and a new one comes first', () => {
    const list = JOBS.slice(0, 3);
    expect(withJob(list, { ...JOBS[1] } as DmsJobView)).toBe(list);
    const changed = withJob(list, { ...(JOBS[1] as DmsJobView), state: 'running' });
    expect(changed.map(({ id, state }) => [id, state])).toEqual([
      ['job-7', 'queued'],
      ['job-6', 'running'],
      ['job-5', 'queued'],
    ]);
    expect(withJob(list, job({ id: 'new' }))[0]?.id).toBe('new');
  });
});

describe('faults of a virtual handset on the screen', () => {
  it('are chosen with a value or their default, and told to the host as it takes them', () => {
    const set = choicesOf(['user-refuses', 'storage-full=5000', 'duplicate-bearer=tcp:127.0.0.1:0=x']);
    expect(faultsOf(set)).toEqual(['user-refuses', 'storage-full=5000', 'duplicate-bearer=tcp:127.0.0.1:0=x']);
    expect(faultsOf(withChoice(withChoice(set, 'storage-full', ' '), 'user-refuses', undefined))).toEqual([
      ...['storage-full', 'duplicate-bearer=tcp:127.0.0.1:0=x'],
    ]);
    expect(set.size).toBe(3);
  });

  it('are found by parts of their names and words in any order', () => {
    const found = (search: string) => matchingFaults(FAULTS, search).map(({ name }) => name);
    expect(found('')).toHaveLength(FAULTS.length);
    expect(found('BYTE cable')).toEqual(['cable-at-byte']);
    expect(found('420')).toEqual(['storage-full']);
    expect(found('cable nonce')).toEqual([]);
  });
});

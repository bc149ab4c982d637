import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue, loadAllWords } from '../../../src-main/wording/catalogue.ts';
import { alertText, isResultSuccess, resultCodeText, statusText } from '../../../src-main/wording/code-text.ts';
import { describeCommand, describeMessage, messageLines } from '../../../src-main/wording/describe-command.ts';
import { describeEvent } from '../../../src-main/wording/describe-event.ts';
import { errorText, hasErrorText } from '../../../src-main/wording/error-text.ts';
import { LANGUAGES, languageOf } from '../../../src-main/wording/language.ts';
import { countText, sizeText, timeText } from '../../../src-main/wording/numbers.ts';
import { command, messageEvent, summary } from '../contract/message-samples.ts';
import { codesInSource } from './error-codes.ts';

beforeAll(async () => {
  for (const language of LANGUAGES) await loadAllWords(language);
});

function sentences(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentences) : [];
}

describe('errors in words', () => {
  it('answer what happened, whether the phone is safe and what to do, in every language', () => {
    for (const language of LANGUAGES) {
      for (const code of Object.keys(catalogue('en').errors.byCode)) {
        const { what, phoneSafe, next } = errorText(code, language);
        for (const text of [what, phoneSafe, next]) expect(text).toMatch(/^[A-ZÄÖÜ].*\.$/);
      }
    }
  });

  it('exist for every code that the source can produce, written out or put together', () => {
    const { codes, unknownTemplates, unknownFamilies } = codesInSource();
    for (const one of ['cache/full', 'dms/tls-failed', 'net/timeout', 'xml/malformed', 'page/unreachable']) {
      expect(codes).toContain(one);
    }
    expect([...codes].filter((code) => !hasErrorText(code))).toEqual([]);
    expect({ unknownTemplates, unknownFamilies }).toEqual({ unknownTemplates: [], unknownFamilies: [] });
  });

  it('are kept for no code that nothing produces', () => {
    const { codes } = codesInSource();
    expect(Object.keys(catalogue('en').errors.byCode).filter((code) => !codes.has(code))).toEqual([]);
  });

  it('fall back to the family, then to a general sentence', () => {
    expect(errorText('obex/never-heard').what).toContain('OBEX');
    expect(errorText('martian/never-heard').what).toContain('no words');
    expect(errorText('constructor').what).toContain('no words');
    expect(errorText('bearer/__proto__', 'de').what).toContain('Verbindung');
  });
});

describe('codes in words', () => {
  it('name known ones and number unknown ones', () => {
    expect(statusText(404)).toBe('Not found');
    expect(statusText(404, 'de')).toBe('Nicht gefunden');
    expect(statusText(999)).toBe('Status 999');
    expect(alertText(1226)).toBe('report');
    expect(alertText(9999, 'de')).toBe('Alert 9999');
    expect(resultCodeText(1405)).toBe('Installation failed');
    expect(resultCodeText(403)).toBe('The firmware is for another handset or another version');
    expect(resultCodeText(77)).toBe('Result 77');
  });

  it('know the makers’ own result codes by their range', () => {
    expect(resultCodeText(1299)).toContain('Successful');
    expect([255, 451, 599].map((code) => resultCodeText(code))).toEqual([
      "Successful (maker's code 255)",
      "Failed on the handset (maker's code 451)",
      "Failed on the download server (maker's code 599)",
    ]);
    expect(resultCodeText(1499)).toContain('Failed on the handset');
    expect(resultCodeText(1550)).toContain('download server');
    expect([1200, 1299, 1300, 1400].map(isResultSuccess)).toEqual([true, true, false, false]);
  });
});

describe('a command in words', () => {
  it.each([
    [
      command({ kind: 'Get', uri: './SCM/Inventory/Deployed?list=StructData' }),
      'Server asks for the installed software',
    ],
    [command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1' }), 'Server adds package “p1”'],
    [
      command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1/Data', moreData: true, size: 137_216, bytes: 3000 }),
      'Server begins to send the content of package “p1”, 137 kB',
    ],
    [
      command({ kind: 'Add', uri: './SCM/Inventory/Delivered/p1/Data', moreData: true, bytes: 3000 }),
      'Server sends 3 kB more of the content of package “p1”',
    ],
    [
      command({ kind: 'Exec', uri: './SCM/Inventory/Delivered/p1/Operations/Install' }),
      'Server orders: install package “p1”',
    ],
    [command({ kind: 'Exec', uri: './Vendor/Beep' }), 'Server starts ./Vendor/Beep'],
    [command({ kind: 'Delete', uri: './Vendor/x', items: 3 }), 'Server deletes ./Vendor/x and 2 more'],
    [command({ kind: 'Atomic', children: 2 }), 'Server orders 2 commands, all or none'],
    [command({ kind: 'Put' }), 'Server sends an unknown command “Put”'],
  ])('%# of the server', (given, words) => {
    expect(describeCommand(given, 'to-handset')).toBe(words);
  });

  it.each([
    [command({ kind: 'Replace', uri: './DevInfo/DevId', items: 5 }), 'Handset says who it is'],
    [
      command({ kind: 'Results', uri: './DevDetail/FwV', text: '7.1' }),
      'Handset answers: the firmware version is “7.1”',
    ],
    [
      command({ kind: 'Results', uri: './SCM/Inventory/Deployed', items: 28, bytes: 0 }),
      'Handset answers with the installed software, 28 values',
    ],
    [command({ kind: 'Status', answers: 'Exec', code: 425 }), 'Handset refuses Exec: No permission for this node'],
    [command({ kind: 'Status', answers: 'SyncHdr', code: 401 }), 'Handset refuses the message: Wrong credentials'],
    [
      command({ kind: 'Status', answers: 'SyncHdr', code: 407, challenge: true }),
      'Handset asks the other side to prove who it is',
    ],
    [command({ kind: 'Status', answers: 'Exec', code: 202 }), 'Handset on Exec: Accepted, outcome follows'],
    [
      command({ kind: 'Status', answers: 'SyncHdr', code: 212, challenge: true }),
      'Handset accepts the server’s credentials',
    ],
    [command({ kind: 'Alert', code: 1226, resultCode: 1200 }), 'Handset reports: Successful'],
    [command({ kind: 'Alert', code: 1201 }), 'Handset: session wanted by the handset'],
  ])('%# of the handset', (given, words) => {
    expect(describeCommand(given, 'to-dms')).toBe(words);
  });
});

describe('a message in words', () => {
  it('counts statuses of success and lists what matters', () => {
    const commands = [
      command({ kind: 'Status', answers: 'SyncHdr', code: 212 }),
      command({ kind: 'Status', answers: 'Add', code: 200 }),
      command({ kind: 'Status', answers: 'Get', code: 200 }),
      command({ kind: 'Status', answers: 'Exec', code: 425 }),
    ];
    expect(describeMessage(summary({ commands }), 'to-dms')).toEqual([
      'Handset does not let virtual-dms do Exec: no permission',
      'Handset accepted 2 commands',
    ]);
  });

  it('keeps the codes beside the words, each once', () => {
    const commands = [
      command({ kind: 'Status', answers: 'SyncHdr', code: 200 }),
      command({ kind: 'Status', answers: 'Add', code: 200 }),
      command({ kind: 'Status', answers: 'Exec', code: 202 }),
      command({ kind: 'Status', answers: 'Get', code: 200 }),
      command({ kind: 'Alert', code: 1226, resultCode: 1405 }),
    ];
    expect(messageLines(summary({ commands }), 'to-dms')).toEqual([
      { text: 'Handset reports: Installation failed', codes: [1226, 1405] },
      { text: 'Handset accepted 3 commands', codes: [200, 202] },
    ]);
    expect(messageLines(summary({ commands: commands.slice(0, 1) }), 'to-handset')).toMatchObject([{ codes: [200] }]);
  });

  it('says when there is nothing to say, a call, and what cannot be read', () => {
    const received = summary({ commands: [command({ kind: 'Status', answers: 'SyncHdr', code: 200 })] });
    expect(describeMessage(received, 'to-handset')).toEqual(['Server has nothing more to say']);
    expect(describeMessage(summary({ package: 0 }), 'to-handset')).toEqual(['Server calls the handset to a session']);
    expect(describeMessage(summary({ readable: false }), 'to-dms', 'de')[0]).toContain('nicht lesen kann');
  });
});

describe('an event in words', () => {
  it('is one line', () => {
    expect(describeEvent(messageEvent({ bytes: 1500, package: 3 }))).toBe('Handset → server, 1.5 kB, step 3 of 4');
    expect(describeEvent(messageEvent({ package: -1 }))).toBe('Handset → server, 370 B');
    expect(describeEvent({ type: 'progress', session: '1', done: 500, total: 2000 })).toBe('500 B of 2 kB sent (25 %)');
    const fetched = { type: 'progress', job: 'fetch-1', done: 500, total: 2000, fetched: true } as const;
    expect(describeEvent(fetched)).toBe('500 B of 2 kB fetched (25 %)');
    expect(describeEvent(fetched, 'de')).toBe('500 B von 2 kB geholt (25 %)');
    expect(describeEvent({ type: 'progress', session: '1', done: 0, total: 0 })).toContain('0 %');
    expect(describeEvent({ type: 'act', act: 'relay', state: 'done' }, 'de')).toBe('Akt „Weiterleiten“ ist erledigt');
    const prompt = { type: 'prompt', id: 'p', device: 'IMEI:1', text: 'Install?' } as const;
    expect(describeEvent(prompt)).toBe('Handset IMEI:1 asks: Install?');
    expect(describeEvent({ ...prompt, end: 'reject' }, 'de')).toBe('Am Handy IMEI:1 wurde abgelehnt');
    expect(describeEvent({ type: 'error', code: 'bearer/lost', message: 'x' })).toBe(
      'The link to the handset broke. (bearer/lost)',
    );
    expect(describeEvent({ type: 'result', ok: false, code: 'relay/stalled' })).toContain('Failed: Neither side');
    const awaited = { type: 'result', ok: false, code: 'scomo/completion-awaited' } as const;
    expect(describeEvent(awaited)).toMatch(/^Waiting: The handset is at work/);
    expect(describeEvent(awaited, 'de')).toMatch(/^Wartet: /);
    expect(describeEvent({ type: 'session', id: '1a', handset: 'h', dms: 'd', state: 'ended-unread' })).toContain('1a');
  });
});

describe('wording', () => {
  it('never jokes, and German never keeps an English sentence', () => {
    expect(sentences(catalogue('en')).filter((text) => /oops|yikes|!/i.test(text))).toEqual([]);
    const english = new Set(sentences(catalogue('en').errors).filter((text) => text.includes(' ')));
    expect(sentences(catalogue('de').errors).filter((text) => english.has(text))).toEqual([]);
  });

  it('chooses a language by tag and writes numbers its way', () => {
    expect(['de-AT', 'de_DE.UTF-8', 'en', 'fr', ''].map(languageOf)).toEqual(['de', 'de', 'en', 'en', 'en']);
    expect([countText(1234, 'en'), countText(1234, 'de')]).toEqual(['1,234', '1.234']);
    expect([sizeText(999, 'en'), sizeText(1500, 'de'), sizeText(2_500_000, 'en')]).toEqual([
      '999 B',
      '1,5 kB',
      '2.5 MB',
    ]);
    expect(timeText('no time', 'en')).toBe('no time');
  });
});

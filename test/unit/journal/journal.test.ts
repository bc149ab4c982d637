import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { summarise } from '../../../src-main/dm/watcher/summarise.ts';
import type { Journal, SessionStart } from '../../../src-main/journal/journal.ts';
import type { SessionRecorder } from '../../../src-main/journal/session-recorder.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import {
  challenge,
  dmMessage,
  envelope,
  fromDms,
  fromHandset,
  get,
  status,
  UNREADABLE,
} from '../dm-watcher/messages.ts';
import { DAY, type Rig, rigs } from './rig.ts';

const rig = rigs();

const START: SessionStart = {
  kind: 'relay',
  handset: 'tcp:127.0.0.1:650',
  dms: 'http://operator:hidden-word@dms.example/dm?token=hidden-token#part',
  virtual: true,
};
const PASSWORD = 'hunter2-hunter2';
const CREDENTIALS = toBase64(utf8(`handset:${PASSWORD}`));
const SECRETS = [PASSWORD, CREDENTIALS, 'bmV4dC1ub25jZQ==', 'secret-hmac', 'hidden-word', 'hidden-token'];

const HELLO = envelope(
  dmMessage({
    from: 'handset',
    msgId: 1,
    commands: [],
    header: { cred: { meta: { format: 'b64', type: 'syncml:auth-basic' }, data: CREDENTIALS } },
  }),
  'xml',
  'secret-hmac',
);
const ANSWER = fromDms(1, [challenge('1', 1), get('2', './DevInfo/Mod')]);
const RESULT = fromHandset(2, [
  status('1', 1, '2', 'Get'),
  {
    kind: 'Results',
    cmdId: '2',
    msgRef: 1,
    cmdRef: '2',
    items: [{ source: { uri: './DMAcc/a/AAuthSecret' }, data: PASSWORD }],
  },
]);

function say(recorder: SessionRecorder, direction: 'to-dms' | 'to-handset', ...messages: readonly Envelope[]): void {
  for (const message of messages) recorder.message(message, direction, summarise(message));
}

function wholeSession(journal: Journal, messages: readonly Envelope[] = [HELLO]): number {
  const recorder = journal.sessionStarted(START);
  say(recorder, 'to-dms', ...messages);
  recorder.sessionEnded({ state: 'done' });
  return recorder.number;
}

function bodyFiles({ folder }: Rig): readonly string[] {
  return readdirSync(join(folder, 'journal', 'bodies')).sort();
}

const blob = (length: number): Envelope => ({ contentType: 'application/octet-stream', body: new Uint8Array(length) });

describe('the journal', () => {
  it('tells of a session and its messages in their order', () => {
    const { journal, clock, problems } = rig();
    const recorder = journal.sessionStarted(START);
    say(recorder, 'to-dms', HELLO);
    clock.pass(250);
    say(recorder, 'to-handset', ANSWER);
    expect(journal.session(recorder.number)).toMatchObject({ state: 'running', sessionId: '1A2B', endedAt: undefined });
    recorder.sessionEnded({ state: 'failed', code: 'bearer/lost', device: 'IMEI:1' });
    expect(journal.sessions()).toEqual([
      {
        number: 1,
        kind: 'relay',
        sessionId: '1A2B',
        handset: 'tcp:127.0.0.1:650',
        device: 'IMEI:1',
        dms: 'http://dms.example/dm',
        virtual: true,
        startedAt: '2026-06-01T00:00:00.000Z',
        endedAt: '2026-06-01T00:00:00.250Z',
        duration: 250,
        clockSetBack: false,
        state: 'failed',
        code: 'bearer/lost',
        bodies: 'kept',
      },
    ]);
    expect(journal.messages(1)).toMatchObject([
      { number: 1, direction: 'to-dms', msgId: 1, bytes: HELLO.body.length, contentType: HELLO.contentType },
      {
        number: 2,
        direction: 'to-handset',
        at: '2026-06-01T00:00:00.250Z',
        summary: { commands: [{}, { kind: 'Get' }] },
      },
    ]);
    expect(journal.messages(1, 1)).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('takes nothing for a session that has ended', () => {
    const { journal } = rig();
    const recorder = journal.sessionStarted(START);
    say(recorder, 'to-dms', HELLO);
    recorder.sessionEnded({ state: 'done' });
    say(recorder, 'to-dms', RESULT);
    recorder.sessionEnded({ state: 'failed', code: 'bearer/lost' });
    expect(journal.session(1)).toMatchObject({ state: 'done', code: undefined });
    expect(journal.messages(1)).toHaveLength(1);
  });

  it('shows sessions newest first, page by page, and one handset alone', () => {
    const { journal } = rig();
    for (const device of ['a', 'b', 'a']) {
      journal.sessionStarted({ ...START, device }).sessionEnded({ state: 'done' });
    }
    const numbers = (filter: object) => journal.sessions(filter).map(({ number }) => number);
    expect(numbers({})).toEqual([3, 2, 1]);
    expect(numbers({ limit: 2 })).toEqual([3, 2]);
    expect(numbers({ before: 2 })).toEqual([1]);
    expect(numbers({ device: 'a' })).toEqual([3, 1]);
  });

  it('masks every secret in details, exports and its own tables', () => {
    const { journal, store } = rig();
    const recorder = journal.sessionStarted(START);
    say(recorder, 'to-dms', HELLO);
    say(recorder, 'to-handset', ANSWER);
    say(recorder, 'to-dms', RESULT);
    recorder.sessionEnded({ state: 'done' });
    const details = [1, 2, 3].map((number) => journal.detail(1, number));
    expect(details.map((detail) => [detail?.body, detail?.detail.masked])).toEqual([
      ['kept', 2],
      ['kept', 1],
      ['kept', 1],
    ]);
    expect(details[0]?.detail.xml).toContain('syncml:auth-basic');
    const tables = store.read((db) => [
      db.all('SELECT * FROM journal_sessions'),
      db.all('SELECT * FROM journal_messages'),
    ]);
    const hide = (text: string) => text;
    const exported = (['csv', 'json'] as const).map((format) => [...journal.export({ format, hide })].join(''));
    const shown = JSON.stringify([details, tables, exported, journal.sessions(), journal.messages(1)]);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
    const octets = details[2]?.detail.hex
      .split('\n')
      .map((line) => line.slice(10, 58))
      .join(' ')
      .replace(/\s+/g, ' ');
    expect(octets).not.toContain(Buffer.from(PASSWORD).toString('hex').match(/../g)?.join(' '));
  });

  it.skipIf(process.platform === 'win32')('keeps raw bodies for the owner only', () => {
    const { journal, folder } = rig();
    wholeSession(journal, [HELLO, RESULT]);
    const path = join(folder, 'journal', 'bodies', '1');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'journal', 'bodies')).mode & 0o777).toBe(0o700);
    expect(readFileSync(path)).toEqual(Buffer.concat([HELLO.body, RESULT.body]));
  });

  it('does not show a body that was changed, shortened or taken away', () => {
    const { journal, folder } = rig();
    const path = join(folder, 'journal', 'bodies', '1');
    wholeSession(journal, [HELLO, RESULT]);
    const bytes = readFileSync(path);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    truncateSync(path, bytes.length - 1);
    expect(journal.detail(1, 1)).toMatchObject({ body: 'damaged', detail: { xml: '', hex: '' } });
    expect(journal.detail(1, 2)).toMatchObject({ body: 'missing', detail: { xml: '', summary: { msgId: 2 } } });
    expect(journal.detail(1, 3)).toBeUndefined();
    expect(journal.detail(2, 1)).toBeUndefined();
  });

  it('keeps a message that nobody can read, and shows none of its octets', () => {
    const { journal } = rig();
    wholeSession(journal, [UNREADABLE]);
    expect(journal.detail(1, 1)).toMatchObject({ body: 'kept', detail: { xml: '', summary: { readable: false } } });
    expect(journal.session(1)?.sessionId).toBe('');
  });

  it('still lists a session of which one summary is damaged', async () => {
    const { journal, store } = rig();
    wholeSession(journal, [HELLO, RESULT]);
    await store.write((db) => db.run("UPDATE journal_messages SET summary = '{]' WHERE number = 1"));
    expect(journal.messages(1).map(({ summary }) => summary.readable)).toEqual([false, true]);
  });
});

describe('an export', () => {
  const hide = (text: string) => text.replaceAll('004999010640000', '00499901*******');

  it('writes a row a message, with every text hidden as asked', () => {
    const { journal } = rig();
    wholeSession(journal, [HELLO, RESULT]);
    const rows = [...journal.export({ format: 'csv', hide })].join('').trimEnd().split('\r\n');
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^session,sessionId,kind,/);
    expect(rows[1]).toContain('1,1A2B,relay,tcp:127.0.0.1:650,,http://dms.example/dm,true,');
    expect(rows[2]).toContain('Status Get 200; Results ./DMAcc/a/AAuthSecret');
  });

  it('quotes what a table program would take for something else', () => {
    const { journal } = rig();
    const trap = fromHandset(1, [get('1', '=cmd|"/c calc",\n')]);
    const recorder = journal.sessionStarted({ ...START, handset: '=1+1', device: '@x' });
    recorder.message(trap, 'to-dms', { ...summarise(trap), commands: [{ kind: '=SUM("a",1)', cmdId: '1', items: 1 }] });
    recorder.sessionEnded({ state: 'done' });
    const text = [...journal.export({ format: 'csv', hide })].join('');
    expect(text).toContain(`,'=1+1,'@x,`);
    expect(text).toContain(`,"'=SUM(""a"",1)"\r\n`);
  });

  it('is JSON with the masked document of each message, oldest session first, or of the sessions asked for', () => {
    const { journal } = rig();
    wholeSession(journal, [HELLO]);
    wholeSession(journal, [RESULT, ANSWER]);
    const read = (sessions?: readonly number[]) =>
      JSON.parse(
        [...journal.export({ format: 'json', hide, ...(sessions === undefined ? {} : { sessions }) })].join(''),
      );
    expect(read().sessions.map((one: { messages: unknown[] }) => one.messages.length)).toEqual([1, 2]);
    expect(read([2, 9]).sessions).toHaveLength(1);
    const [message] = read([1]).sessions[0].messages;
    expect(message).toMatchObject({ session: 1, number: 1, body: 'kept', masked: 2 });
    expect(message.xml).toContain('IMEI:00499901*******');
    expect(message.xml).toContain('•••');
    expect(JSON.parse([...rig().journal.export({ format: 'json', hide })].join('')).sessions).toEqual([]);
  });

  it('takes a session of more messages than one page', () => {
    const { journal } = rig({ retention: 'off' });
    wholeSession(
      journal,
      Array.from({ length: 1203 }, () => HELLO),
    );
    expect(journal.messages(1)).toHaveLength(500);
    expect([...journal.export({ format: 'csv', hide })]).toHaveLength(1204);
  });
});

describe('retention of bodies', () => {
  it('removes them after seven days and keeps what was understood', () => {
    const now = rig();
    wholeSession(now.journal);
    now.clock.pass(3 * DAY);
    wholeSession(now.journal);
    now.clock.pass(4 * DAY + 1);
    now.journal.sweep();
    expect(bodyFiles(now)).toEqual(['2']);
    expect(now.journal.session(1)?.bodies).toBe('removed');
    expect(now.journal.detail(1, 1)).toMatchObject({ body: 'removed', detail: { summary: { msgId: 1 } } });
  });

  it('counts the days while the program does not run', async () => {
    const now = rig();
    wholeSession(now.journal);
    const later = await now.again({ away: 8 * DAY });
    expect(bodyFiles(later)).toEqual([]);
    expect(later.journal.session(1)?.bodies).toBe('removed');
  });

  it('keeps the newest when all together are too large', () => {
    const now = rig({ retention: { days: 7, bytes: 1000 } });
    for (let session = 0; session < 5; session += 1) wholeSession(now.journal, [blob(300)]);
    expect(bodyFiles(now)).toEqual(['3', '4', '5']);
    expect(now.problems).toEqual([]);
  });

  it('lets a running session take no more than the limit, and goes on writing it down', () => {
    const now = rig({ retention: { days: 7, bytes: 1000 } });
    wholeSession(now.journal, [blob(300)]);
    const number = wholeSession(
      now.journal,
      Array.from({ length: 5 }, () => blob(300)),
    );
    expect(statSync(join(now.folder, 'journal', 'bodies', '2')).size).toBe(900);
    expect(bodyFiles(now)).toEqual(['2']);
    expect(now.journal.messages(number)).toHaveLength(5);
    expect(now.journal.detail(number, 3)?.body).toBe('kept');
    expect(now.journal.detail(number, 4)?.body).toBe('missing');
    wholeSession(now.journal, [blob(500)]);
    expect(bodyFiles(now)).toEqual(['3']);
  });

  it('keeps none when it is off, and removes those of before and of running sessions', () => {
    const now = rig();
    wholeSession(now.journal);
    const recorder = now.journal.sessionStarted(START);
    say(recorder, 'to-dms', HELLO);
    expect(bodyFiles(now)).toEqual(['1', '2']);
    now.journal.setRetention('off');
    expect(bodyFiles(now)).toEqual([]);
    say(recorder, 'to-dms', RESULT);
    recorder.sessionEnded({ state: 'done' });
    wholeSession(now.journal);
    expect(bodyFiles(now)).toEqual([]);
    expect(now.journal.sessions().map(({ bodies }) => bodies)).toEqual(['off', 'removed', 'removed']);
    expect(now.journal.detail(3, 1)).toMatchObject({ body: 'off', detail: { summary: { msgId: 1 } } });
    expect(now.problems).toEqual([]);
  });
});

describe('a clock set back a year', () => {
  it('neither removes nor spares bodies, and the order stays', () => {
    const now = rig();
    wholeSession(now.journal);
    now.clock.pass(3 * DAY);
    now.clock.wall -= 365 * DAY;
    wholeSession(now.journal);
    expect(bodyFiles(now)).toEqual(['1', '2']);
    now.clock.pass(4 * DAY + 1);
    wholeSession(now.journal);
    now.journal.sweep();
    expect(bodyFiles(now)).toEqual(['2', '3']);
    now.clock.pass(3 * DAY);
    now.journal.sweep();
    expect(bodyFiles(now)).toEqual(['3']);
    expect(now.journal.sessions().map(({ number, clockSetBack }) => [number, clockSetBack])).toEqual([
      [3, false],
      [2, true],
      [1, false],
    ]);
  });

  it('is noticed when it happened while the program did not run, and the days count from then on', async () => {
    const before = rig();
    wholeSession(before.journal);
    const after = await before.again({ away: -365 * DAY });
    wholeSession(after.journal);
    expect(after.journal.session(2)?.clockSetBack).toBe(true);
    const later = await after.again({ away: 5 * DAY });
    expect(bodyFiles(later)).toEqual(['1', '2']);
    const end = await later.again({ away: 3 * DAY });
    expect(bodyFiles(end)).toEqual([]);
  });

  it('and put right again by a year ages nothing while the program runs', () => {
    const now = rig();
    now.clock.wall -= 365 * DAY;
    wholeSession(now.journal);
    now.clock.pass(DAY);
    now.clock.wall += 365 * DAY;
    now.journal.sweep();
    expect(bodyFiles(now)).toEqual(['1']);
  });
});

describe('a restart', () => {
  it('ends sessions that a killed process left open, and goes on with the numbers', async () => {
    const before = rig();
    const recorder = before.journal.sessionStarted(START);
    before.clock.pass(5000);
    say(recorder, 'to-dms', HELLO);
    const after = await before.again({ killed: true });
    expect(after.journal.session(1)).toMatchObject({
      state: 'aborted',
      code: 'journal/cut-short',
      endedAt: '2026-06-01T00:00:05.000Z',
    });
    expect(after.journal.detail(1, 1)?.body).toBe('kept');
    expect(wholeSession(after.journal)).toBe(2);
  });

  it('removes the file of a session that never reached the database', async () => {
    const before = rig();
    writeFileSync(join(before.folder, 'journal', 'bodies', '1'), 'secret');
    writeFileSync(join(before.folder, 'journal', 'bodies', 'notes.txt'), 'not ours');
    const after = await before.again();
    expect(bodyFiles(after)).toEqual(['notes.txt']);
    expect(wholeSession(after.journal)).toBe(1);
    expect(after.journal.detail(1, 1)?.body).toBe('kept');
    expect(after.problems).toEqual([]);
  });

  it('in good order ends running sessions as broken off', async () => {
    const before = rig();
    const recorder = before.journal.sessionStarted(START);
    say(recorder, 'to-dms', HELLO);
    const after = await before.again();
    expect(after.journal.session(1)).toMatchObject({ state: 'aborted', code: 'journal/cut-short', bodies: 'kept' });
    recorder.sessionEnded({ state: 'done' });
    say(recorder, 'to-dms', HELLO);
    expect(after.journal.messages(1)).toHaveLength(1);
  });
});

it('a body that cannot be written is told once and costs the session nothing', () => {
  const now = rig();
  writeFileSync(join(now.folder, 'journal', 'bodies', '1'), 'in the way');
  const number = wholeSession(now.journal, [HELLO, RESULT]);
  expect(now.problems).toHaveLength(1);
  expect(now.journal.messages(number)).toHaveLength(2);
  expect(now.journal.session(number)?.bodies).toBe('off');
});

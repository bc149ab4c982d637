import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../src-main/dm/client/read-question.ts';
import { answerFits, questionAlert, type UserAnswer, type UserQuestion } from '../../../src-main/dm/user-question.ts';
import type { Item } from '../../../src-main/syncml/model.ts';
import { gist, statusesOf } from '../../support/dm-pair.ts';
import { alert, answersTo, exec, get, header, metaXml, short, TAKEN, talk } from '../dm-client/talk.ts';

const read = (code: number, parameters: string | undefined, ...texts: readonly string[]) =>
  readQuestion({
    kind: 'Alert',
    cmdId: '1',
    code,
    items: [parameters === undefined ? {} : { data: parameters }, ...texts.map((data) => ({ data }))],
  });
const refused = (code: number) => ({ kind: 'refused', code });

describe('what a user alert says', () => {
  it('[REP-8.1-01, REP-8.1-02] is its parameters, URL-encoded, in the first Item, and its text in the second', () => {
    expect(read(1101, 'MAXDT=30&DR=1', 'Now?')).toEqual({
      kind: 'confirm',
      text: 'Now?',
      maxSeconds: 30,
      suggested: 'accept',
    });
    expect(read(1102, 'DR=a%26b%3Dc%20%C3%A9', 'Name?')).toMatchObject({ text: 'Name?', suggested: 'a&b=c é' });
    expect(read(1100, undefined, 'Hello')).toEqual({ kind: 'display', text: 'Hello' });
    expect(read(1100, '', 'Hello')).toEqual({ kind: 'display', text: 'Hello' });
  });

  it('[REP-8.1-03] is choices from the third Item on, in their order', () => {
    expect(read(1103, undefined, 'Which?', 'red', 'green', 'blue')).toEqual({
      kind: 'choice',
      text: 'Which?',
      choices: ['red', 'green', 'blue'],
      multiple: false,
    });
    expect(read(1104, undefined, 'Which?', 'b', 'a')).toMatchObject({ choices: ['b', 'a'], multiple: true });
  });

  it('[REP-8.1-04] leaves out parameters that nobody knows, and those that make no sense', () => {
    for (const odd of ['X=1&foo&=&%%%', 'MINDT=-1', 'MAXDT=x', 'MAXLEN=0', 'IT=Z', 'ET=Q', 'DR=%zz']) {
      expect(read(1102, odd, 'Name?')).toEqual({
        kind: 'input',
        text: 'Name?',
        inputType: 'alphanumeric',
        hidden: false,
      });
    }
  });

  it('[REP-8.1-10, REP-8.1-11] is MINDT and MAXDT in seconds, an hour at most', () => {
    for (const code of [1100, 1101, 1102]) {
      expect(read(code, 'MINDT=5&MAXDT=60', 'x')).toMatchObject({ minSeconds: 5, maxSeconds: 60 });
    }
    expect(read(1103, 'mindt= 5 &maxdt=99999', 'x', 'y')).toMatchObject({ minSeconds: 5, maxSeconds: 3600 });
  });

  it('[REP-8.1-12] is 0 or 1 as DR of a confirmation', () => {
    expect(read(1101, 'DR=0', 'x')).toMatchObject({ suggested: 'reject' });
    expect(read(1101, 'DR=1', 'x')).toMatchObject({ suggested: 'accept' });
    expect(read(1101, 'DR=2', 'x')).not.toHaveProperty('suggested');
  });

  it('[REP-8.1-13] is a text as DR of an input, with + for blanks', () => {
    expect(read(1102, 'DR=John+Doe', 'x')).toMatchObject({ suggested: 'John Doe' });
    expect(read(1102, 'DR=1%2B1', 'x')).toMatchObject({ suggested: '1+1' });
    expect(read(1102, 'DR=', 'x')).toMatchObject({ suggested: '' });
    expect(read(1102, 'DR=toolong&MAXLEN=3', 'x')).not.toHaveProperty('suggested');
    expect(read(1102, 'DR=abc&IT=N', 'x')).not.toHaveProperty('suggested');
  });

  it('[REP-8.1-14] is a number as DR of one choice, and numbers joined by - of several', () => {
    const choices = ['a', 'b', 'c'];
    expect(read(1103, 'DR=2', 'x', ...choices)).toMatchObject({ suggested: [2] });
    expect(read(1104, 'DR=2-3', 'x', ...choices)).toMatchObject({ suggested: [2, 3] });
    for (const [code, DR] of [
      [1103, '4'],
      [1103, '0'],
      [1103, '1-2'],
      [1104, '2-9'],
      [1104, '2-2'],
      [1104, 'all'],
    ] as const) {
      expect(read(code, `DR=${DR}`, 'x', ...choices)).not.toHaveProperty('suggested');
    }
  });

  it('[REP-8.1-15] has no default where nothing is asked', () => {
    expect(read(1100, 'DR=1', 'Hello')).toEqual({ kind: 'display', text: 'Hello' });
  });

  it('[REP-8.1-16, REP-8.1-19] is MAXLEN in characters, and ET for what nobody shall see', () => {
    expect(read(1102, 'MAXLEN=4&ET=P', 'PIN?')).toMatchObject({ maxLength: 4, hidden: true });
    expect(read(1102, 'ET=T', 'x')).toMatchObject({ hidden: false });
    expect(read(1102, 'MAXLEN=999999', 'x')).toMatchObject({ maxLength: 2000 });
  });

  it.each([
    ['[REP-8.1-17]', 'A', 'alphanumeric', ['Zoë 9!', ''], ['a\u0000b', '\ud800']],
    ['[REP-8.1-17]', 'N', 'numeric', ['-3.5', '+7', '12', '.5'], ['', '1e3', '1,5', '--1', '.']],
    ['[REP-8.1-17]', 'P', 'phone', ['+4930123', '110p5w', '5s'], ['', '49+30', 'x']],
    ['[REP-8.1-18]', 'D', 'date', ['31122026', '01012000'], ['32012026', '20261231', '1112026', '']],
    ['[REP-8.1-18]', 'T', 'time', ['235959', '000000'], ['240000', '126000', '1200', '']],
    ['[REP-8.1-18]', 'I', 'ip', ['192.0.2.1', '0.0.0.0'], ['256.1.1.1', '1.2.3', 'a.b.c.d']],
  ] as const)('%s IT=%s is %s, and takes %j and not %j', (_id, letter, inputType, good, bad) => {
    const question = read(1102, `IT=${letter}`, 'x') as UserQuestion;
    expect(question).toMatchObject({ inputType });
    for (const text of good) expect(answerFits(question, { text })).toBe(true);
    for (const text of bad) expect(answerFits(question, { text })).toBe(false);
  });

  it('counts characters as a person does', () => {
    const question = read(1102, 'MAXLEN=2', 'x') as UserQuestion;
    expect(answerFits(question, { text: '\u{1f600}\u{1f600}' })).toBe(true);
    expect(answerFits(question, { text: 'abc' })).toBe(false);
  });

  it('is refused where something is missing (412), is no text (415) or is too much to be shown (416)', () => {
    expect(read(1103, undefined, 'Which?')).toEqual(refused(412));
    expect(read(1104, undefined, 'Which?', 'a', ' ')).toEqual(refused(412));
    expect(read(1102, undefined)).toEqual(refused(412));
    expect(read(1100, undefined, 'y'.repeat(2001))).toEqual(refused(416));
    expect(read(1103, undefined, 'x', 'y'.repeat(501))).toEqual(refused(416));
    expect(read(1103, undefined, 'x', ...Array.from({ length: 101 }, String))).toEqual(refused(416));
    expect(read(1103, undefined, 'x', ...Array.from({ length: 100 }, String))).toMatchObject({ kind: 'choice' });
    const picture: Item = { meta: { type: 'image/png', format: 'b64' }, data: 'AAAA' };
    expect(readQuestion({ kind: 'Alert', cmdId: '1', code: 1100, items: [{}, picture] })).toEqual(refused(415));
    const coded: Item = { meta: { format: 'b64' }, data: 'SGVsbG8=' };
    expect(readQuestion({ kind: 'Alert', cmdId: '1', code: 1100, items: [{}, coded] })).toMatchObject({
      text: 'Hello',
    });
    expect(answersTo('<Alert><CmdID>4</CmdID><Data>1100</Data></Alert>', talk({ asksUser: true }))).toEqual([
      '4 Alert 412',
    ]);
    const broken = `<Alert><CmdID>4</CmdID><Data>1100</Data><Item/><Item>${metaXml({ Format: 'b64' })}<Data>!</Data></Item></Alert>`;
    expect(answersTo(broken, talk({ asksUser: true }))).toEqual(['4 Alert 400']);
  });

  it('is what the server side writes', () => {
    const questions: readonly UserQuestion[] = [
      { kind: 'display', text: 'Hello', minSeconds: 3 },
      { kind: 'confirm', text: 'Now?', maxSeconds: 9, suggested: 'reject' },
      {
        kind: 'input',
        text: 'Name?',
        inputType: 'phone',
        hidden: true,
        maxLength: 8,
        suggested: '+49 30'.replace(' ', ''),
      },
      { kind: 'input', text: 'Name?', inputType: 'alphanumeric', hidden: false, suggested: 'A & B + C' },
      { kind: 'choice', text: 'Which?', choices: ['a', 'b'], multiple: false, suggested: [2] },
      { kind: 'choice', text: 'Which?', choices: ['a', 'b', 'c'], multiple: true, suggested: [1, 3] },
    ];
    for (const question of questions) {
      expect(readQuestion({ ...questionAlert(question), cmdId: '1' })).toEqual(question);
    }
    expect(questionAlert({ kind: 'input', text: 'N', inputType: 'numeric', hidden: true, suggested: '1 2' })).toEqual({
      kind: 'Alert',
      code: 1102,
      items: [{ data: 'DR=1+2&IT=N&ET=P' }, { data: 'N' }],
    });
    expect(
      questionAlert({ kind: 'choice', text: 'W', choices: ['a', 'b'], multiple: true, suggested: [1, 2] }),
    ).toEqual({
      kind: 'Alert',
      code: 1104,
      items: [{ data: 'DR=1-2' }, { data: 'W' }, { data: 'a' }, { data: 'b' }],
    });
  });
});

/** Code and Items of the alert's Status, and the codes of what stands behind it. */
function said(code: number, answer: UserAnswer, parameters = '', ...texts: readonly string[]) {
  const all = talk({ asksUser: true });
  const asked = all.say(TAKEN + alert(4, code, parameters, ...texts) + exec(5, './now'));
  expect(asked.ask).toBeDefined();
  expect(asked.send).toBeUndefined();
  const step = all.client.answer(answer);
  const [, own] = statusesOf(step.send);
  return [own?.code, ...(own?.items.map(({ data }) => data) ?? []), short(step).at(-1)];
}

describe('what becomes of an answer', () => {
  it.each(['accept', 'cancel', 'timeout'] as const)(
    '[REP-8-01] to a display: it was shown, 200, also by %s',
    (answer) => {
      expect(said(1100, answer, '', 'Hello')).toEqual([200, '5 Exec 200']);
    },
  );

  it('[REP-8-02, REP-8.1-08] to a confirmation: 200, 304, which changes nothing for what follows, and 214', () => {
    expect(said(1101, 'accept', '', 'Now?')).toEqual([200, '5 Exec 200']);
    expect(said(1101, 'reject', '', 'Now?')).toEqual([304, '5 Exec 200']);
    expect(said(1101, 'cancel', '', 'Now?')).toEqual([214, '5 Exec 215']);
  });

  it('[REP-8-03] to an input: 200 with the text', () => {
    expect(said(1102, { text: 'Ann <&> Bo' }, '', 'Name?')).toEqual([200, 'Ann <&> Bo', '5 Exec 200']);
    expect(said(1102, { text: '' }, '', 'Name?')).toEqual([200, '', '5 Exec 200']);
  });

  it('[REP-8-04, REP-8-05] to a choice: 200 with an Item for each number', () => {
    expect(said(1103, { chosen: [2] }, '', 'W?', 'a', 'b')).toEqual([200, '2', '5 Exec 200']);
    expect(said(1104, { chosen: [3, 1] }, '', 'W?', 'a', 'b', 'c')).toEqual([200, '3', '1', '5 Exec 200']);
    expect(said(1104, { chosen: [] }, '', 'W?', 'a', 'b')).toEqual([200, '5 Exec 200']);
  });

  it.each([
    [1101, ['x']],
    [1102, ['x']],
    [1103, ['x', 'a']],
    [1104, ['x', 'a']],
  ] as const)('[REP-8.1-05] that breaks %i off: 214, and 215 for the rest', (code, texts) => {
    expect(said(code, 'cancel', '', ...texts)).toEqual([214, '5 Exec 215']);
  });

  it('[REP-8.1-11] that nobody gives: the default where there is one, else 408; consent is never assumed', () => {
    expect(said(1102, 'timeout', 'DR=Ann', 'Name?')).toEqual([200, 'Ann', '5 Exec 200']);
    expect(said(1103, 'timeout', 'DR=2', 'W?', 'a', 'b')).toEqual([200, '2', '5 Exec 200']);
    expect(said(1104, 'timeout', 'DR=1-2', 'W?', 'a', 'b')).toEqual([200, '1', '2', '5 Exec 200']);
    expect(said(1102, 'timeout', '', 'Name?')).toEqual([408, '5 Exec 200']);
    expect(said(1103, 'timeout', '', 'W?', 'a', 'b')).toEqual([408, '5 Exec 200']);
    expect(said(1101, 'timeout', 'DR=1', 'Now?')).toEqual([408, '5 Exec 200']);
  });

  it('[REP-8.1-09] where there is no user: 406 for each of them', () => {
    const all = [1100, 1101, 1102, 1103, 1104].map((code, index) => alert(4 + index, code, '', 'x', 'a')).join('');
    expect(answersTo(all)).toEqual([4, 5, 6, 7, 8].map((id) => `${id} Alert 406`));
  });

  it.each([
    [1100, { text: 'x' }],
    [1100, 'reject'],
    [1101, { chosen: [1] }],
    [1102, 'accept'],
    [1102, { text: 'abc' }],
    [1103, { chosen: [1, 2] }],
    [1103, { chosen: [] }],
    [1103, { chosen: [3] }],
    [1104, { chosen: [1, 1] }],
    [1104, { chosen: [1.5] }],
    [1104, 'reject'],
  ] as const)('to %i that is none, such as %j, leaves the question open', (code, answer) => {
    const all = talk({ asksUser: true });
    const { ask } = all.say(TAKEN + alert(4, code, 'MAXLEN=2', 'x', 'a', 'b'));
    expect(() => all.client.answer(answer)).toThrow(expect.objectContaining({ code: 'dm/answer-wrong' }));
    expect(all.client.state).toMatchObject({ kind: 'asked', question: ask });
    expect(gist(all.client.answer('cancel').send)).toContain(`Status 1/4 Alert ${code === 1100 ? 200 : 214}`);
  });
});

describe('the codes of alerts', () => {
  it('[REP-6-01, REP-8-07, REP-8-08, REP-8-11, REP-8-13] that are a client’s to send are not allowed from a server', () => {
    const codes = [1200, 1201, 1224, 1226];
    expect(answersTo(codes.map((code, index) => alert(4 + index, code)).join(''))).toEqual(
      codes.map((_, index) => `${4 + index} Alert 405`),
    );
    expect(gist(talk({ alert: 1200 }).first)[0]).toBe('Alert 1200');
    expect(gist(talk({ alert: 1201 }).first)[0]).toBe('Alert 1201');
  });

  it('[REP-8-06, REP-8-14] that are reserved, or of data sync, are not supported', () => {
    const codes = [1105, 1199, 1202, 1220, 1221, 1227, 1299, 1, 99_999];
    expect(answersTo(codes.map((code, index) => alert(4 + index, code)).join(''), talk({ asksUser: true }))).toEqual(
      codes.map((_, index) => `${4 + index} Alert 406`),
    );
    expect(answersTo(alert(4, 'often') + get(5, './a'))[0]).toBe('4 Alert 400');
  });

  it('[REP-8-09] 1222 is taken, and asked with while the server’s package is open', () => {
    const all = talk();
    expect(short(all.say(TAKEN + alert(4, 1222), { final: false }))).toEqual(['4 Alert 200', 'Alert 1222']);
  });

  it('[REP-8-10] 1223 ends the session from either side, in a message with Final', () => {
    const heard = talk();
    expect(heard.say(TAKEN + alert(4, 1223))).toMatchObject({ outcome: { code: 'dm/aborted' } });
    expect(gist(talk().client.abort())).toEqual(['Alert 1223', 'Final']);
  });

  it('[REP-8-12] 1225 names the object that was not ended, and ends ours that is under way', () => {
    const all = talk();
    const part = `<Replace><CmdID>4</CmdID><Item><Target><LocURI>./a</LocURI></Target>${metaXml({ Size: 9 })}<Data>AB</Data><MoreData/></Item></Replace>`;
    const step = all.say(TAKEN + part);
    expect(short(step)).toEqual(['4 Replace 213', 'Alert 1225']);
    const ours = talk();
    expect(gist(ours.say(TAKEN + get(4, './long'), { header: metaXml({ MaxMsgSize: 1200 }) }).send).at(-1)).toContain(
      '+',
    );
    expect(ours.client.state).toEqual({ kind: 'waiting', awaits: 'our-object' });
    expect(gist(ours.say(header(2) + alert(4, 1225)).send)).toEqual([
      'Status 2/0 SyncHdr 200',
      'Status 2/4 Alert 200',
      'Final',
    ]);
  });
});

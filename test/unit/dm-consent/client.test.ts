import { describe, expect, it } from 'vitest';
import { readQuestion } from '../../../src-main/dm/client/read-question.ts';
import type { PackageReport, WantedCommand, Work } from '../../../src-main/dm/server/work.ts';
import type { UserAnswer } from '../../../src-main/dm/user-question.ts';
import type { AlertCommand, Command, Item } from '../../../src-main/syncml/model.ts';
import { runSides, startSides } from './sides.ts';

const ask = (text: string, parameters?: string): AlertCommand => ({
  kind: 'Alert',
  cmdId: '',
  code: 1101,
  items: [parameters === undefined ? {} : { data: parameters }, { data: text }],
});
const get = (uri = './DevInfo/Mod'): Command => ({ kind: 'Get', cmdId: '', items: [{ target: { uri } }] });
const sequence = (...commands: readonly Command[]): Command => ({ kind: 'Sequence', cmdId: '', commands });

/** Codes of the Statuses for one package, command by command in the order in which they were sent. */
function codes(commands: readonly WantedCommand[], answers?: readonly UserAnswer[]) {
  let report: PackageReport | undefined;
  function* work(): Work {
    report = yield commands;
  }
  const { questions, outcomes } = runSides({ work, ...(answers === undefined ? {} : { answers }) });
  expect(outcomes).toEqual([{ ok: true }, { ok: true }]);
  const statuses = (report?.reports ?? []).flatMap((entry) => entry.statuses);
  return {
    asked: questions.map(({ text }) => text),
    codes: statuses.map((status) => `${status.cmd} ${status.code}`),
    results: (report?.reports ?? []).flatMap((entry) => entry.results).length,
  };
}

describe('alert 1101 in the body', () => {
  it.each([
    ['accept', 200, 200],
    ['reject', 304, 200],
    ['timeout', 408, 200],
    ['cancel', 214, 215],
  ] as const)('answered by %s is %i, and what follows is %i', (answer, alert, next) => {
    const seen = codes([ask('Install now?'), get()], [answer]);
    expect(seen).toEqual({
      asked: ['Install now?'],
      codes: [`Alert ${alert}`, `Get ${next}`],
      results: next === 200 ? 1 : 0,
    });
  });

  it('is answered with 406 where nobody can be asked', () => {
    expect(codes([ask('Install now?'), get()])).toEqual({
      asked: [],
      codes: ['Alert 406', 'Get 200'],
      results: 1,
    });
  });

  it('is answered with 406 like the other user alerts where nobody can be asked', () => {
    const others = [1100, 1102, 1103, 1104].map((code) => ({ ...ask('x'), code }));
    expect(codes(others)).toMatchObject({
      asked: [],
      codes: ['Alert 406', 'Alert 406', 'Alert 406', 'Alert 406'],
    });
  });

  it('asks as often as it is told to, each answer for its own question', () => {
    expect(codes([ask('one'), ask('two'), ask('three')], ['accept', 'reject', 'timeout'])).toMatchObject({
      asked: ['one', 'two', 'three'],
      codes: ['Alert 200', 'Alert 304', 'Alert 408'],
    });
  });

  it('after a cancelled question leaves out groups with everything in them', () => {
    const commands = [ask('one'), sequence(get(), sequence(get())), ask('two')];
    expect(codes(commands, ['cancel'])).toEqual({
      asked: ['one'],
      codes: ['Alert 214', 'Sequence 215', 'Get 215', 'Sequence 215', 'Get 215', 'Alert 215'],
      results: 0,
    });
  });
});

describe('alert 1101 in a Sequence', () => {
  it.each([
    ['accept', ['Sequence 200', 'Get 200', 'Alert 200', 'Get 200', 'Get 200'], 3],
    ['reject', ['Sequence 200', 'Get 200', 'Alert 304', 'Get 215', 'Get 200'], 2],
    ['timeout', ['Sequence 200', 'Get 200', 'Alert 408', 'Get 215', 'Get 200'], 2],
    ['cancel', ['Sequence 200', 'Get 200', 'Alert 214', 'Get 215', 'Get 215'], 1],
  ] as const)('keeps the order; after %s the Statuses are %j', (answer, statuses, results) => {
    const seen = codes([sequence(get(), ask('Now?'), get()), get()], [answer]);
    expect(seen).toEqual({ asked: ['Now?'], codes: statuses, results });
  });

  it('is stopped, with the one around it, by a No further in', () => {
    const inner = sequence(ask('inner'), get());
    expect(codes([sequence(inner, ask('outer'), get())], ['reject'])).toMatchObject({
      asked: ['inner'],
      codes: ['Sequence 200', 'Sequence 200', 'Alert 304', 'Get 215', 'Alert 215', 'Get 215'],
    });
  });

  it('lets nothing pass when the question has no text', () => {
    const empty: AlertCommand = { ...ask(''), items: [] };
    expect(codes([sequence(empty, get())], ['accept'])).toMatchObject({
      asked: [],
      codes: ['Sequence 200', 'Alert 412', 'Get 215'],
    });
  });
});

describe('an open question', () => {
  function* work(): Work {
    yield [ask('Now?')];
  }
  function asked() {
    const sides = startSides({ work, answers: [] });
    const message = sides.server.receive(sides.client.start()).send;
    if (message === undefined) throw new Error('the server said nothing');
    const step = sides.client.receive(message);
    return { ...sides, message, step };
  }

  it('sends nothing, and is put again when the server repeats itself', () => {
    const { client, message, step } = asked();
    expect(step).toMatchObject({ ask: { text: 'Now?' } });
    expect(step.send).toBeUndefined();
    expect(client.receive(message)).toMatchObject({ ask: { text: 'Now?' } });
    expect(client.answer('reject').send).toBeDefined();
  });

  it('ends the session when another message comes instead of an answer', () => {
    const { client, message } = asked();
    const other = { ...message, body: message.body.slice(0, -1) };
    expect(client.receive(other).outcome?.code).toBe('dm/out-of-turn');
    expect(() => client.answer('accept')).toThrow(expect.objectContaining({ code: 'dm/out-of-turn' }));
  });

  it('is forgotten when the session is broken off', () => {
    const { client } = asked();
    client.abort();
    expect(() => client.answer('accept')).toThrow(expect.objectContaining({ code: 'dm/out-of-turn' }));
  });

  it('takes one answer', () => {
    const { client } = asked();
    client.answer('accept');
    expect(() => client.answer('accept')).toThrow(expect.objectContaining({ code: 'dm/out-of-turn' }));
  });
});

describe('the parameters of a question', () => {
  const read = (items: readonly Item[]) => readQuestion({ kind: 'Alert', cmdId: '1', code: 1101, items });

  it('are read, whatever their order and case, and unknown ones are skipped', () => {
    expect(read([{ data: 'MAXDT=30&x=1&mindt=5&DR=1' }, { data: 'Now?' }])).toEqual({
      kind: 'confirm',
      text: 'Now?',
      minSeconds: 5,
      maxSeconds: 30,
      suggested: 'accept',
    });
    expect(read([{ data: 'DR=0' }, { data: 'Now?' }])).toEqual({ kind: 'confirm', text: 'Now?', suggested: 'reject' });
  });

  it('that make no sense are as if they were not there', () => {
    for (const data of ['MAXDT=0', 'MAXDT=-1', 'MAXDT=1e3', 'MAXDT=', 'DR=2', 'DR=accept', '&&=&', 'MAXDT', 'DR=%zz']) {
      expect(read([{ data }, { data: 'Now?' }])).toEqual({ kind: 'confirm', text: 'Now?' });
    }
  });

  it('have caps: an hour; a text that a screen cannot hold is not shown in part', () => {
    const question = read([{ data: 'MAXDT=9999999999&MINDT=86400' }, { data: 'y'.repeat(2000) }]);
    expect(question).toMatchObject({ maxSeconds: 3600, minSeconds: 3600 });
    expect(read([{}, { data: 'y'.repeat(2001) }])).toEqual({ kind: 'refused', code: 416 });
  });

  it('need no item of their own, but the text does', () => {
    expect(read([{}, { data: 'Now?' }])).toEqual({ kind: 'confirm', text: 'Now?' });
    for (const items of [[{ data: 'Now?' }], [{}, { data: '  ' }], []]) {
      expect(read(items)).toEqual({ kind: 'refused', code: 412 });
    }
  });
});

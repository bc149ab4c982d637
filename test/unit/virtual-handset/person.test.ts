import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import type { UserQuestion } from '../../../src-main/dm/user-question.ts';
import { Person } from '../../../src-main/virtual/handset/person.ts';
import { scriptedAnswer, shownQuestion } from '../../../src-main/virtual/handset/scripted-answer.ts';

const QUESTION: UserQuestion = { kind: 'confirm', text: 'Install Maps 1.1?' };
const REMOVE: UserQuestion = { kind: 'confirm', text: 'Remove Game?' };
const PIN: UserQuestion = { kind: 'input', text: 'PIN?', inputType: 'numeric', hidden: true, maxLength: 4 };
const COLOURS = ['red', 'green', 'blue'];
const NOW = new Date('2026-11-21T10:00:00Z');

/** A clock whose sleeps end when the test says so. */
function handClock() {
  const sleeps: { readonly duration: number; readonly end: () => void }[] = [];
  const clock: Clock = {
    now: () => NOW,
    monotonic: () => 0,
    sleep: (duration, signal) =>
      new Promise((end, reject) => {
        sleeps.push({ duration, end });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  return { clock, sleeps };
}

function person(json = true) {
  const input = new PassThrough();
  const events: Record<string, unknown>[] = [];
  const notes: string[] = [];
  const { clock, sleeps } = handClock();
  const asked = new Person({
    ...{ device: 'IMEI:004999010640000', input, json, clock },
    emit: (event) => void events.push(event),
    note: (text) => void notes.push(text),
  });
  const stop = new AbortController();
  return {
    ...{ input, events, notes, sleeps, stop },
    ask: (question = QUESTION) => asked.ask(question, stop.signal),
    say: (value: unknown) => void input.write(`${JSON.stringify(value)}\n`),
    idOf: (index: number) => String(events[index]?.id),
  };
}

describe('a person who is asked by events', () => {
  it('is told what, by whom and until when, and what it came to', async () => {
    const { ask, say, events, idOf } = person();
    const answer = ask({ ...QUESTION, maxSeconds: 30 });
    const asked = { type: 'prompt', device: 'IMEI:004999010640000', ...QUESTION };
    expect(events).toEqual([{ ...asked, id: idOf(0), until: '2026-11-21T10:00:30.000Z' }]);
    say({ prompt: idOf(0), answer: 'reject' });
    expect(await answer).toBe('reject');
    expect(events[1]).toEqual({ ...asked, id: idOf(0), end: 'reject' });
  });

  it('has less than two minutes where the server names no time, and then nobody has answered', async () => {
    const { ask, sleeps, events } = person();
    const answer = ask();
    expect(sleeps.map(({ duration }) => duration)).toEqual([110_000]);
    sleeps[0]?.end();
    expect(await answer).toBe('timeout');
    expect(events[1]).toMatchObject({ end: 'timeout' });
  });

  it('is not disturbed by lines that are no answers, nor by answers to other questions', async () => {
    const { ask, say, input, idOf } = person();
    const first = ask();
    const second = ask(REMOVE);
    input.write('\n{"prompt":\nnull\n"accept"\n');
    input.write(`${'x'.repeat(200_000)}\n`);
    say({ prompt: 'none', answer: 'accept' });
    say({ prompt: idOf(0), answer: 'timeout' });
    say({ prompt: idOf(0), answer: ['accept'] });
    const line = `${JSON.stringify({ prompt: idOf(1), answer: 'cancel' })}\n`;
    input.write(line.slice(0, 9));
    input.write(line.slice(9));
    expect(await second).toBe('cancel');
    say({ prompt: idOf(0), answer: 'accept' });
    expect(await first).toBe('accept');
  });

  it('is told what the server wants to be typed or chosen, and nobody is told what was typed', async () => {
    const { ask, say, events, idOf } = person();
    const typed = ask(PIN);
    expect(events[0]).toMatchObject({ kind: 'input', inputType: 'numeric', hidden: true, maxLength: 4 });
    for (const wrong of [{ text: '12345' }, { text: 'abc' }, { answer: 'accept' }, { chosen: [1] }]) {
      say({ prompt: idOf(0), ...wrong });
    }
    say({ prompt: idOf(0), text: '0042' });
    expect(await typed).toEqual({ text: '0042' });
    const refused = { type: 'error', code: 'prompt/answer-invalid', prompt: idOf(0) };
    expect(events.slice(1, 5)).toEqual(Array(4).fill({ ...refused, message: expect.any(String) }));
    expect(events[5]).toMatchObject({ end: 'text' });
    expect(JSON.stringify(events)).not.toContain('0042');
    const chosen = ask({ kind: 'choice', text: 'Which?', choices: COLOURS, multiple: true, suggested: [2] });
    expect(events[6]).toMatchObject({ kind: 'choice', choices: COLOURS, multiple: true, suggested: [2] });
    say({ prompt: idOf(6), chosen: [4] });
    say({ prompt: idOf(6), chosen: [3, 1] });
    expect(await chosen).toEqual({ chosen: [3, 1] });
    expect(events.at(-1)).toMatchObject({ end: 'chosen' });
  });

  it.each([
    [{}, 15],
    [{ minSeconds: 40 }, 40],
    [{ minSeconds: 4000 }, 110],
    [{ minSeconds: 40, maxSeconds: 5 }, 5],
  ])('is shown a text with %j for %i seconds at most, and no longer than until it was seen', async (times, limit) => {
    const { ask, say, sleeps, idOf } = person();
    const seen = ask({ kind: 'display', text: 'Maintenance tonight', ...times });
    expect(sleeps.map(({ duration }) => duration)).toEqual([limit * 1000]);
    say({ prompt: idOf(0), answer: 'accept' });
    expect(await seen).toBe('accept');
  });

  it('is no longer asked when the session ends', async () => {
    const { ask, stop, events } = person();
    const answer = ask();
    stop.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(events[1]).toMatchObject({ end: 'gone' });
  });
});

describe('a person at a terminal', () => {
  it('is asked one question after the other, and again after what cannot be understood', async () => {
    const { ask, input, notes, events } = person(false);
    const first = ask({ kind: 'confirm', text: 'Install\u001b[2J Maps?' });
    const second = ask(REMOVE);
    expect(notes).toEqual(['Install\uFFFD[2J Maps? [y/n/cancel]']);
    input.write('what?\n');
    input.write('YES\n');
    expect(await first).toBe('accept');
    input.write('n\n');
    expect(await second).toBe('reject');
    expect(notes.slice(1)).toEqual(['Install\uFFFD[2J Maps? [y/n/cancel]', 'Remove Game? [y/n/cancel]']);
    expect(events).toEqual([]);
  });

  it('types and chooses in lines, with the suggested answer for an empty one', async () => {
    const { ask, input, notes } = person(false);
    const name: UserQuestion = { kind: 'input', text: 'Name?', inputType: 'alphanumeric', hidden: false };
    const choice: UserQuestion = { kind: 'choice', text: 'Which?', choices: COLOURS, multiple: true, suggested: [2] };
    const typing: readonly (readonly [UserQuestion, string, unknown])[] = [
      [name, ' Ada L. ', { text: ' Ada L. ' }],
      [name, '\\cancel', { text: 'cancel' }],
      [name, 'cancel', 'cancel'],
      [{ ...name, suggested: 'Bob' }, '', { text: 'Bob' }],
      [choice, '1 3', { chosen: [1, 3] }],
      [choice, '', { chosen: [2] }],
      [choice, 'c', 'cancel'],
      [{ kind: 'display', text: 'Seen?' }, '', 'accept'],
    ];
    for (const [question, line, answer] of typing) {
      const given = ask(question);
      input.write(`${line}\n`);
      expect(await given).toEqual(answer);
    }
    notes.length = 0;
    const suggested = ask({ ...QUESTION, suggested: 'reject' });
    input.write('\nn\n');
    expect(await suggested).toBe('reject');
    expect(notes.splice(0)).toEqual(Array(2).fill('Install Maps 1.1? [y/n*/cancel]'));
    const pin = ask({ ...PIN, suggested: '7777' });
    input.write('123456\n');
    input.write('1234\n');
    expect(await pin).toEqual({ text: '1234' });
    expect(notes).toHaveLength(3);
    expect(notes[0]).toBe(
      'PIN? [a number, at most 4 characters, Enter for what is suggested, a secret: this terminal may show it, cancel]',
    );
    expect(notes.join()).not.toMatch(/7777|1234/);
    const which = ask({ ...choice, multiple: false });
    input.write('red\n');
    input.write('4\n');
    input.write('3\n');
    expect(await which).toEqual({ chosen: [3] });
    expect(notes.slice(3, 8)).toEqual([
      'Which?',
      '  1  red',
      '* 2  green',
      '  3  blue',
      '[a number, Enter for *, cancel]',
    ]);
  });
});

describe('what is suggested for a secret', () => {
  it('is told to nobody but the one at the terminal who takes it', async () => {
    const { ask, say, events, idOf } = person();
    const secret = { ...PIN, suggested: '0815' };
    const typed = ask(secret);
    say({ prompt: idOf(0), text: '1' });
    await typed;
    expect(events).toMatchObject([{ kind: 'input', hidden: true }, { end: 'text' }]);
    expect(JSON.stringify([events, shownQuestion(secret)])).not.toContain('0815');
    expect(shownQuestion({ ...secret, hidden: false })).toMatchObject({ suggested: '0815' });
  });
});

describe('an answer that was scripted', () => {
  const input: UserQuestion = { kind: 'input', text: 'N?', inputType: 'numeric', hidden: true, suggested: '7' };
  const choice: UserQuestion = { kind: 'choice', text: 'W?', choices: COLOURS, multiple: false };
  it.each([
    [QUESTION, 'reject', 'reject'],
    [{ kind: 'display', text: 'D' } as const, 'reject', 'accept'],
    [input, 'accept', { text: '7' }],
    [input, 'reject', 'cancel'],
    [input, { text: '12' }, { text: '12' }],
    [input, { text: 'twelve' }, undefined],
    [input, { chosen: [1] }, undefined],
    [choice, 'accept', { chosen: [1] }],
    [{ ...choice, suggested: [3] }, 'accept', { chosen: [3] }],
    [choice, { chosen: [2] }, { chosen: [2] }],
    [choice, { chosen: [1, 2] }, undefined],
    [choice, 'timeout', 'timeout'],
  ] as const)('to %j of %j is %j', (question, scripted, meant) => {
    expect(scriptedAnswer(question, scripted)).toEqual(meant);
  });
});

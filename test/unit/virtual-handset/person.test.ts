import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { Person } from '../../../src-main/virtual/handset/person.ts';

const QUESTION = { text: 'Install Maps 1.1?' };
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
    const answer = ask({ ...QUESTION, maxSeconds: 30 } as typeof QUESTION);
    const asked = { type: 'prompt', device: 'IMEI:004999010640000', text: QUESTION.text };
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
    const second = ask({ text: 'Remove Game?' });
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
    const first = ask({ text: 'Install\u001b[2J Maps?' });
    const second = ask({ text: 'Remove Game?' });
    expect(notes).toEqual(['Install\uFFFD[2J Maps? [y/n/cancel]']);
    input.write('what?\n');
    input.write('YES\n');
    expect(await first).toBe('accept');
    input.write('n\n');
    expect(await second).toBe('reject');
    expect(notes.slice(1)).toEqual(['Install\uFFFD[2J Maps? [y/n/cancel]', 'Remove Game? [y/n/cancel]']);
    expect(events).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { HostChange } from '../../../../src-main/contract/host-state.ts';
import { Prompt, type PromptAnswer } from '../../../../src-main/contract/prompts.ts';
import { REQUESTS } from '../../../../src-main/contract/requests.ts';
import { answerFits, type UserQuestion } from '../../../../src-main/dm/user-question.ts';
import { PromptDesk } from '../../../../src-main/host/handsets/prompt-desk.ts';

type Asked = { readonly id: string } & Readonly<Record<string, unknown>>;

const { signal } = new AbortController();
const ASKED = { id: 'p1', device: 'IMEI:1', text: 'Install?', until: '2026-11-21T10:00:30.000Z', kind: 'confirm' };
const INPUT = { id: 'p1', device: 'IMEI:1', text: 'PIN?', kind: 'input', inputType: 'numeric', hidden: true };
const CHOICE = { id: 'p1', device: 'IMEI:1', text: 'Which?', kind: 'choice', choices: ['a', 'b', 'c'] };

const pairing = (question: string) => ({ ...ASKED, kind: 'pairing', device: 'bluetooth:00:AA:01:00:00:00', question });

function desk(hear: (line: string) => void = () => undefined, asked: Asked = ASKED) {
  const changes: HostChange[] = [];
  const prompts = new PromptDesk((change) => void changes.push(change));
  prompts.take(asked, hear);
  return { prompts, changes };
}

describe('what the persons at virtual handsets are asked', () => {
  it('is shown until the handset has heard the answer', async () => {
    const { prompts, changes } = desk((line) => {
      expect(JSON.parse(line)).toEqual({ prompt: 'p1', answer: 'reject' });
      prompts.take({ ...ASKED, end: 'reject' }, () => undefined);
    });
    expect(prompts.list).toEqual([ASKED]);
    await prompts.answer({ prompt: 'p1', answer: 'reject' }, signal);
    expect(prompts.list).toEqual([]);
    expect(changes).toEqual([
      { kind: 'prompt', prompt: ASKED },
      { kind: 'prompt-gone', id: 'p1' },
    ]);
  });

  it('is gone for an answer that comes after another, after the time limit or to nothing', async () => {
    const { prompts } = desk(() => prompts.take({ ...ASKED, end: 'timeout' }, () => undefined));
    const late = prompts.answer({ prompt: 'p1', answer: 'accept' }, signal);
    await expect(late).rejects.toMatchObject({ code: 'prompt/gone' });
    const again = prompts.answer({ prompt: 'p1', answer: 'accept' }, signal);
    await expect(again).rejects.toMatchObject({ code: 'prompt/gone' });
  });

  it('is gone with the handset', async () => {
    const { prompts, changes } = desk();
    prompts.take({ ...ASKED, id: 'p2', device: 'IMEI:2' }, () => undefined);
    const answer = prompts.answer({ prompt: 'p1', answer: 'accept' }, signal);
    prompts.drop('IMEI:1');
    await expect(answer).rejects.toMatchObject({ code: 'prompt/gone' });
    expect(prompts.list.map(({ id }) => id)).toEqual(['p2']);
    expect(changes.at(-1)).toEqual({ kind: 'prompt-gone', id: 'p1' });
  });

  it.each([
    [ASKED, { text: 'yes' }],
    [ASKED, { chosen: [1] }],
    [{ ...ASKED, kind: 'display' }, { answer: 'cancel' }],
    [{ ...ASKED, kind: 'display' }, { answer: 'reject' }],
    [INPUT, { answer: 'accept' }],
    [INPUT, { text: '12a' }],
    [INPUT, { text: '' }],
    [{ ...INPUT, maxLength: 4 }, { text: '12345' }],
    [{ ...INPUT, inputType: 'alphanumeric' }, { text: 'a\u0007' }],
    [{ ...INPUT, inputType: 'alphanumeric' }, { text: 'a\ud800' }],
    [{ ...INPUT, inputType: 'alphanumeric' }, { text: 'x'.repeat(2001) }],
    [{ ...INPUT, inputType: 'date' }, { text: '31042026' }],
    [{ ...INPUT, inputType: 'date' }, { text: '29022025' }],
    [{ ...INPUT, inputType: 'time' }, { text: '240000' }],
    [{ ...INPUT, inputType: 'phone' }, { text: '49+30' }],
    [{ ...INPUT, inputType: 'ip' }, { text: '192.0.2.256' }],
    [{ ...CHOICE, multiple: false }, { chosen: [] }],
    [{ ...CHOICE, multiple: false }, { chosen: [1, 2] }],
    [{ ...CHOICE, multiple: true }, { chosen: [0] }],
    [{ ...CHOICE, multiple: true }, { chosen: [4] }],
    [{ ...CHOICE, multiple: true }, { chosen: [2, 2] }],
    [{ ...CHOICE, multiple: true }, { chosen: [1.5] }],
    [pairing('confirm'), { text: '000042' }],
    [pairing('allow'), { chosen: [1] }],
    [pairing('show'), { answer: 'reject' }],
    [pairing('enter-pin'), { answer: 'accept' }],
    [pairing('enter-pin'), { text: '' }],
    [pairing('enter-pin'), { text: 'ä'.repeat(9) }],
    [pairing('enter-passkey'), { text: '1234567' }],
    [pairing('enter-passkey'), { text: '12 34' }],
  ])('of %j leaves open what is answered by %j', async (asked, answer) => {
    const said: string[] = [];
    const { prompts } = desk((line) => void said.push(line), asked);
    const refused = prompts.answer({ prompt: 'p1', ...answer } as PromptAnswer, signal);
    await expect(refused).rejects.toMatchObject({ code: 'prompt/answer-invalid' });
    expect(said).toEqual([]);
    expect(prompts.list).toMatchObject([asked]);
  });

  it.each([
    [ASKED, { answer: 'cancel' }, 'cancel'],
    [{ ...ASKED, kind: 'display' }, { answer: 'accept' }, 'accept'],
    [INPUT, { answer: 'cancel' }, 'cancel'],
    [INPUT, { text: '-.5' }, 'text'],
    [{ ...INPUT, maxLength: 2, inputType: 'alphanumeric' }, { text: '🙂🙂' }, 'text'],
    [{ ...INPUT, inputType: 'alphanumeric' }, { text: '' }, 'text'],
    [{ ...INPUT, inputType: 'date' }, { text: '29022028' }, 'text'],
    [{ ...INPUT, inputType: 'time' }, { text: '235959' }, 'text'],
    [{ ...INPUT, inputType: 'phone' }, { text: '+4930p12w3' }, 'text'],
    [{ ...INPUT, inputType: 'ip' }, { text: '192.0.2.1' }, 'text'],
    [{ ...CHOICE, multiple: false }, { chosen: [3] }, 'chosen'],
    [{ ...CHOICE, multiple: true }, { chosen: [3, 1] }, 'chosen'],
    [{ ...CHOICE, multiple: true }, { chosen: [] }, 'chosen'],
  ] as const)('of %j passes %j on', async (asked, answer, end) => {
    const said: unknown[] = [];
    const { prompts } = desk((line) => {
      said.push(JSON.parse(line));
      prompts.take({ id: 'p1', end }, () => undefined);
    }, asked);
    const whole = { prompt: 'p1', ...answer } as PromptAnswer;
    // The contract takes it, and so does the handset's own machine.
    expect(REQUESTS['prompts.answer'].params.parse(whole)).toEqual(whole);
    expect(answerFits(asked as UserQuestion, 'answer' in answer ? answer.answer : answer)).toBe(true);
    await prompts.answer(whole, signal);
    expect(said).toEqual([whole]);
    expect(prompts.list).toEqual([]);
  });

  it('is a confirmation where the handset names no kind, and nothing where the kind lacks what it needs', () => {
    const { kind: _, ...old } = ASKED;
    const { prompts, changes } = desk(() => undefined, old);
    prompts.take({ ...ASKED, id: 'p2', kind: 'choice' }, () => undefined);
    expect(prompts.list).toEqual([ASKED]);
    expect(HostChange.parse({ kind: 'prompt', prompt: old })).toEqual(changes[0]);
  });

  it('waits no longer than its face does', async () => {
    const { prompts } = desk();
    const stop = new AbortController();
    const answer = prompts.answer({ prompt: 'p1', answer: 'accept' }, stop.signal);
    stop.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(prompts.list).toHaveLength(1);
  });

  it.each([
    ['confirm', { answer: 'accept' }],
    ['allow', { answer: 'reject' }],
    ['show', { answer: 'accept' }],
    ['show', { answer: 'cancel' }],
    ['enter-pin', { text: '0000' }],
    ['enter-passkey', { text: '001234' }],
    ['enter-passkey', { answer: 'cancel' }],
  ])('of the host itself, here %s, is answered by %j, and no more when it is not wanted', async (question, answer) => {
    const changes: HostChange[] = [];
    const prompts = new PromptDesk((change) => void changes.push(HostChange.parse(change)));
    const prompt = Prompt.parse({ ...pairing(question), code: '000042' });
    const asked = prompts.ask(prompt, signal);
    const said = { prompt: 'p1', ...answer } as PromptAnswer;
    await prompts.answer(said, signal);
    expect(await asked).toEqual(said);
    expect(changes.map(({ kind }) => kind)).toEqual(['prompt', 'prompt-gone']);
    const stop = new AbortController();
    const dropped = prompts.ask(prompt, stop.signal);
    stop.abort();
    expect(await dropped).toBeUndefined();
    expect(await prompts.ask(prompt, stop.signal)).toBeUndefined();
    await expect(prompts.answer(said, signal)).rejects.toMatchObject({ code: 'prompt/gone' });
    expect(prompts.list).toEqual([]);
  });
});

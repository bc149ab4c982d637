import { createInterface } from 'node:readline/promises';
import { assertNever, isAbort, isPcAgentError } from '../base/errors.ts';
import { ANSWER_FAULTS, answerFault } from '../contract/prompt-answer.ts';
import type { Prompt, PromptAnswer } from '../contract/prompts.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext } from './command.ts';

export interface PairingAnswers {
  /** Only what is asked about this one, e.g. `bluetooth:00:11:22:AA:BB:CC`. Default: whoever comes. */
  readonly device?: string;
  /** Yes to what needs a Yes only. */
  readonly yes: boolean;
  /** PIN or passkey that is entered where one is wanted. */
  readonly pin?: string | undefined;
}

type PairingPrompt = Extract<Prompt, { readonly kind: 'pairing' }>;

/**
 * Answers what the host asks while phones are paired: by the command line, else by who sits at the terminal; where there
 * is none the question waits for another face. Ends with the signal.
 */
export async function answerPairings(
  host: HostConnection,
  answers: PairingAnswers,
  context: CommandContext,
): Promise<void> {
  const open = new Map<string, AbortController>();
  const take = (prompt: Prompt): void => {
    if (prompt.kind !== 'pairing' || open.has(prompt.id)) return;
    // Another face may show this computer to strangers at the same time: a Yes is not for them.
    if (answers.device !== undefined && prompt.device !== answers.device) return;
    const gone = new AbortController();
    open.set(prompt.id, gone);
    const signal = AbortSignal.any([gone.signal, context.signal]);
    answer(host, prompt, answers, { ...context, signal }).catch((error) => {
      if (!isAbort(error) && !isPcAgentError(error)) throw error;
    });
  };
  await host.follow((update) => {
    if (update.kind === 'snapshot') for (const prompt of update.state.prompts) take(prompt);
    if (update.kind !== 'change') return;
    if (update.change.kind === 'prompt') take(update.change.prompt);
    if (update.change.kind === 'prompt-gone') open.get(update.change.id)?.abort();
  }, context.signal);
}

async function answer(
  host: HostConnection,
  prompt: PairingPrompt,
  answers: PairingAnswers,
  context: CommandContext,
): Promise<void> {
  context.note(questionLine(prompt));
  let said = fromOptions(prompt, answers) ?? (await fromTerminal(prompt, context));
  for (; said !== undefined; said = await fromTerminal(prompt, context)) {
    const fault = answerFault(prompt, said);
    if (fault === undefined) return void (await host.request('prompts.answer', said, context));
    context.note(ANSWER_FAULTS[fault]);
  }
}

function questionLine({ question, code = '', text, device }: PairingPrompt): string {
  const who = `${text} (${device})`;
  switch (question) {
    case 'confirm':
      return `Does ${who} show ${code}?`;
    case 'allow':
      return `May ${who} be paired with this computer?`;
    case 'enter-pin':
      return `Choose a PIN for ${who}, and enter it on the phone too.`;
    case 'enter-passkey':
      return `Enter the digits that ${who} shows.`;
    case 'show':
      return `Enter ${code} on ${who}.`;
    default:
      return assertNever(question);
  }
}

function fromOptions({ id: prompt, question }: PairingPrompt, { yes, pin }: PairingAnswers): PromptAnswer | undefined {
  const typed = question === 'enter-pin' || question === 'enter-passkey';
  if (typed) return pin === undefined ? undefined : { prompt, text: pin };
  return yes && question !== 'show' ? { prompt, answer: 'accept' } : undefined;
}

/** `undefined` where nobody sits, and for what is only shown. */
async function fromTerminal(
  { id: prompt, question }: PairingPrompt,
  { json, note, signal }: CommandContext,
): Promise<PromptAnswer | undefined> {
  if (question === 'show') return undefined;
  const typed = question === 'enter-pin' || question === 'enter-passkey';
  if (json || !process.stdin.isTTY || !process.stderr.isTTY) {
    note(`PC Agent waits for the answer: give it in its window, or start again with ${typed ? '--pin' : '--yes'}.`);
    return undefined;
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const line = (await asking.question(typed ? '(empty: break off) ' : '[y/N] ', { signal })).trim();
    if (typed) return line === '' ? { prompt, answer: 'cancel' } : { prompt, text: line };
    return { prompt, answer: /^y(es)?$/i.test(line) ? 'accept' : 'reject' };
  } catch (error) {
    // Ctrl-C and Ctrl-D belong to the line that is read: they break the pairing off.
    if (!isAbort(error) || signal.aborted) throw error;
    return { prompt, answer: 'cancel' };
  } finally {
    asking.close();
  }
}

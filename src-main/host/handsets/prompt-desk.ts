import { seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { PromptEvent } from '../../contract/events.ts';
import type { HostChange } from '../../contract/host-state.ts';
import { ANSWER_FAULTS, answerFault, promptEnd } from '../../contract/prompt-answer.ts';
import { Prompt, PromptAnswer, type PromptEnd } from '../../contract/prompts.ts';

interface OpenPrompt {
  readonly prompt: Prompt;
  /** Says a line to the handset that asks. */
  readonly say: (line: string) => void;
  readonly ended: PromiseWithResolvers<PromptEnd>;
}

/** How long a handset may take to hear an answer. */
const HEARD_LIMIT = seconds(5);

/** What the persons at the host's virtual handsets are asked, and the one at this computer. */
export class PromptDesk {
  readonly #open = new Map<string, OpenPrompt>();
  readonly #changed: (change: HostChange) => void;

  constructor(changed: (change: HostChange) => void) {
    this.#changed = changed;
  }

  get list(): readonly Prompt[] {
    return [...this.#open.values()].map(({ prompt }) => prompt);
  }

  /** A handset says that it asks, or no longer does. */
  take(event: Pick<PromptEvent, 'id' | 'end'> & Readonly<Record<string, unknown>>, say: OpenPrompt['say']): void {
    const { id, end } = event;
    if (end !== undefined) {
      this.#end(id, end);
      return;
    }
    const { success, data: prompt } = Prompt.safeParse(event);
    // A question that lacks what its kind has cannot be put to anybody: its handset stops waiting by itself.
    if (!success) return;
    this.#open.set(id, { prompt, say, ended: Promise.withResolvers() });
    this.#changed({ kind: 'prompt', prompt });
  }

  /** A question of the host's own. Resolves with `undefined` when the signal says that it is not wanted any more. */
  ask(prompt: Prompt, signal: AbortSignal): Promise<PromptAnswer | undefined> {
    return new Promise((resolve) => {
      const end = (how: PromptEnd, said?: PromptAnswer): void => {
        signal.removeEventListener('abort', onAbort);
        this.#end(prompt.id, how);
        resolve(said);
      };
      const onAbort = (): void => end('gone');
      if (signal.aborted) return void resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
      const say = (line: string): void => {
        const said = PromptAnswer.parse(JSON.parse(line));
        end(promptEnd(said), said);
      };
      this.#open.set(prompt.id, { prompt, say, ended: Promise.withResolvers() });
      this.#changed({ kind: 'prompt', prompt });
    });
  }

  /** The handset has gone, and nobody asks any more. */
  drop(device: string): void {
    for (const { prompt } of [...this.#open.values()]) if (prompt.device === device) this.#end(prompt.id, 'gone');
  }

  /**
   * Passes an answer on and waits until the handset has heard it. One that the question does not take leaves it open.
   * @throws PcAgentError `prompt/gone`, `prompt/answer-invalid`; AbortError
   */
  async answer(said: PromptAnswer, signal: AbortSignal): Promise<void> {
    const open = this.#open.get(said.prompt);
    if (open === undefined) throw gone();
    const fault = answerFault(open.prompt, said);
    if (fault !== undefined) {
      throw new PcAgentError('prompt/answer-invalid', ANSWER_FAULTS[fault], { retry: 'after-operator' });
    }
    open.say(JSON.stringify(said));
    const end = await heard(open.ended.promise, signal);
    if (end !== promptEnd(said)) throw gone();
  }

  #end(id: string, end: PromptEnd): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    this.#changed({ kind: 'prompt-gone', id });
    open.ended.resolve(end);
  }
}

function heard(ended: Promise<PromptEnd>, signal: AbortSignal): Promise<PromptEnd> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    const timer = setTimeout(() => reject(gone()), HEARD_LIMIT);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void ended.then(resolve);
    void ended.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    });
  });
}

function gone(): PcAgentError {
  return new PcAgentError('prompt/gone', 'the handset does not ask that any more', { retry: 'never' });
}

import { seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { PromptEvent } from '../../contract/events.ts';
import type { Prompt } from '../../contract/handsets.ts';
import type { HostChange } from '../../contract/host-state.ts';
import type { ParamsOf } from '../../contract/requests.ts';

type End = NonNullable<PromptEvent['end']>;

interface OpenPrompt {
  readonly prompt: Prompt;
  /** Says a line to the handset that asks. */
  readonly say: (line: string) => void;
  readonly ended: PromiseWithResolvers<End>;
}

/** How long a handset may take to hear an answer. */
const HEARD_LIMIT = seconds(5);

/** What the persons at the host's virtual handsets are asked. */
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
  take(
    { id, device, text, until, end }: Pick<PromptEvent, 'id' | 'device' | 'text' | 'until' | 'end'>,
    say: OpenPrompt['say'],
  ): void {
    if (end !== undefined) {
      this.#end(id, end);
      return;
    }
    const prompt: Prompt = { id, device, text, ...(until === undefined ? {} : { until }) };
    this.#open.set(id, { prompt, say, ended: Promise.withResolvers() });
    this.#changed({ kind: 'prompt', prompt });
  }

  /** The handset has gone, and nobody asks any more. */
  drop(device: string): void {
    for (const { prompt } of [...this.#open.values()]) if (prompt.device === device) this.#end(prompt.id, 'gone');
  }

  /**
   * Passes an answer on and waits until the handset has heard it.
   * @throws PcAgentError `prompt/gone`; AbortError
   */
  async answer({ prompt: id, answer }: ParamsOf<'prompts.answer'>, signal: AbortSignal): Promise<void> {
    const open = this.#open.get(id);
    if (open === undefined) throw gone();
    open.say(JSON.stringify({ prompt: id, answer }));
    const end = await heard(open.ended.promise, signal);
    if (end !== answer) throw gone();
  }

  #end(id: string, end: End): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    this.#changed({ kind: 'prompt-gone', id });
    open.ended.resolve(end);
  }
}

function heard(ended: Promise<End>, signal: AbortSignal): Promise<End> {
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

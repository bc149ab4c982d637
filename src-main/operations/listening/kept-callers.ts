import type { KeptCaller, Settings } from '../../settings/settings.ts';

/** The oldest goes. */
const MAX_KEPT = 2000;

/** Callers that a person has answered; oldest answer first. Answers are on the disk before they hold. */
export class KeptCallers {
  readonly #settings: Pick<Settings, 'get' | 'set'>;
  #list: readonly KeptCaller[];

  constructor(settings: Pick<Settings, 'get' | 'set'>) {
    this.#settings = settings;
    this.#list = settings.get('callers');
  }

  get list(): readonly KeptCaller[] {
    return this.#list;
  }

  find(id: string): KeptCaller | undefined {
    return this.#list.find((each) => each.id === id);
  }

  /** One that has called again. It gets to the disk with the next answer: when somebody called is no reason to write. */
  called(caller: KeptCaller): void {
    this.#list = this.#list.map((each) => (each.id === caller.id ? caller : each));
  }

  /** @returns the ids of those that had to go */
  async keep(caller: KeptCaller): Promise<readonly string[]> {
    const others = this.#list.filter(({ id }) => id !== caller.id);
    const dropped = others.slice(0, Math.max(0, others.length + 1 - MAX_KEPT));
    await this.#store([...others.slice(dropped.length), caller]);
    return dropped.map(({ id }) => id);
  }

  async drop(id: string): Promise<void> {
    await this.#store(this.#list.filter((each) => each.id !== id));
  }

  /** On the disk first: what could not be written does not hold. */
  async #store(list: readonly KeptCaller[]): Promise<void> {
    await this.#settings.set('callers', list);
    this.#list = list;
  }
}

import { PcAgentError } from '../../base/errors.ts';
import {
  choiceProblem,
  type FaultChoice,
  faultNumber,
  hasFault,
  ownNames,
  readChoice,
  writeChoice,
} from '../faults/fault.ts';
import { FAULTS } from './faults.ts';

/** What a virtual handset does wrong now. It may be changed while the handset works. */
export class FaultBoard {
  #choices: readonly FaultChoice[];
  readonly #watchers = new Set<() => void>();

  constructor(choices: readonly FaultChoice[]) {
    this.#choices = ownNames(choices, FAULTS);
  }

  /** By the faults' own names. */
  get choices(): readonly FaultChoice[] {
    return this.#choices;
  }

  /** `NAME` or `NAME=VALUE`. */
  get texts(): readonly string[] {
    return this.#choices.map(writeChoice);
  }

  has(name: string): boolean {
    return hasFault(this.#choices, name);
  }

  number(name: string, otherwise: number): number | undefined {
    return faultNumber(this.#choices, name, otherwise);
  }

  value(name: string): string | undefined {
    return this.#choices.find((choice) => choice.name === name)?.value;
  }

  /** These and no others from now on. */
  set(choices: readonly FaultChoice[]): void {
    this.#choices = ownNames(choices, FAULTS);
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** What happens but once has happened. */
  clear(name: string): void {
    this.set(this.#choices.filter((choice) => choice.name !== name));
  }

  onChange(watcher: () => void): void {
    this.#watchers.add(watcher);
  }
}

/**
 * Faults as a person or a face writes them.
 * @throws PcAgentError `virtual/fault-unknown`: a name that none has, or a value that it does not take
 */
export function readFaults(texts: readonly string[]): readonly FaultChoice[] {
  const choices = texts.map(readChoice);
  for (const choice of choices) {
    const problem = choiceProblem(choice, FAULTS);
    if (problem !== undefined) {
      throw new PcAgentError('virtual/fault-unknown', problem, { retry: 'after-operator' });
    }
  }
  return ownNames(choices, FAULTS);
}

import type { Envelope } from '../../syncml/envelope.ts';
import type { Message } from '../../syncml/model.ts';

/** A fault by name as the command line lists it. */
export interface FaultDescription {
  readonly name: string;
  readonly help: string;
  /** What its value is, in words, where it takes one. */
  readonly value?: string;
  /** How a value has to look; default: a whole number. */
  readonly form?: RegExp;
  /** It is another name of this one. */
  readonly sameAs?: string;
}

/** A fault as it was asked for: `NAME[=VALUE]`. */
export interface FaultChoice {
  readonly name: string;
  readonly value?: string;
}

/** Faults that change what a side sends, whichever side it is. */
export interface MessageFaults {
  readonly mangle?: (message: Message) => Message;
  readonly mangleEnvelope?: (envelope: Envelope) => Envelope;
}

const WHOLE_NUMBER = /^\d{1,15}$/;

/** `NAME` or `NAME=VALUE` as a choice. */
export function readChoice(text: string): FaultChoice {
  const at = text.indexOf('=');
  return at < 0 ? { name: text } : { name: text.slice(0, at), value: text.slice(at + 1) };
}

/** The other way round. */
export function writeChoice({ name, value }: FaultChoice): string {
  return value === undefined ? name : `${name}=${value}`;
}

/** What is wrong with a choice among these faults, or `undefined`. */
export function choiceProblem({ name, value }: FaultChoice, known: readonly FaultDescription[]): string | undefined {
  const fault = known.find((one) => one.name === name);
  if (fault === undefined) return `no fault is called ${name}`;
  if (value === undefined) return undefined;
  const { value: meaning, form = WHOLE_NUMBER } = fault;
  if (meaning === undefined) return `${name} takes no value`;
  return form.test(value) ? undefined : `the value of ${name} has to be ${meaning}`;
}

/** Choices by the names that the faults have of their own; of two of one name the later counts. */
export function ownNames(choices: readonly FaultChoice[], known: readonly FaultDescription[]): readonly FaultChoice[] {
  const byName = new Map<string, FaultChoice>();
  for (const choice of choices) {
    const name = known.find((one) => one.name === choice.name)?.sameAs ?? choice.name;
    byName.set(name, { ...choice, name });
  }
  return [...byName.values()];
}

/** Value of a fault as a number, or what it has when none was given. */
export function faultNumber(choices: readonly FaultChoice[], name: string, otherwise: number): number | undefined {
  const choice = choices.find((entry) => entry.name === name);
  if (choice === undefined) return undefined;
  const value = Number(choice.value ?? otherwise);
  return Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

export function hasFault(choices: readonly FaultChoice[], name: string): boolean {
  return choices.some((choice) => choice.name === name);
}

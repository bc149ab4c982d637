import type { Envelope } from '../../syncml/envelope.ts';
import type { Message } from '../../syncml/model.ts';

/** A fault by name as the command line lists it. */
export interface FaultDescription {
  readonly name: string;
  readonly help: string;
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

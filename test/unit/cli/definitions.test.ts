import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { type Call, defineProgram } from '../../../src-main/cli/definitions.ts';

function callsOf(...args: readonly string[]): readonly Call[] {
  const calls: Call[] = [];
  const program = defineProgram(args, (call) => void calls.push(call));
  program.parse(args, { from: 'user' });
  return calls;
}

it.each(['listen', 'callers', 'bluetooth'])('%s without a verb lists, and knows no other verbs', (name) => {
  expect(callsOf(name)).toEqual([{ name, flags: {}, operands: ['list'] }]);
  expect(callsOf(name, 'list', '--json')).toMatchObject([{ name, operands: ['list'] }]);
  expect(() => callsOf(name, 'dance')).toThrow(CommanderError);
  expect(() => callsOf(name, 'dance')).toThrow(/unknown command 'dance'/);
});

import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { VERSION } from '../../../src-main/base/version.ts';
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

it('tells the version of the program, and behind a command takes that of a package', () => {
  const written: string[] = [];
  const program = defineProgram(['--version'], () => undefined).configureOutput({
    writeOut: (text) => written.push(text),
  });
  expect(() => program.parse(['--version'], { from: 'user' })).toThrow(expect.objectContaining({ exitCode: 0 }));
  expect(written).toEqual([`${VERSION}\n`]);
  expect(callsOf('--json', 'packages', 'add', 'a.bin', '--version', '2.0')).toMatchObject([
    { name: 'packages', flags: { version: '2.0' }, operands: ['add', 'a.bin'] },
  ]);
});

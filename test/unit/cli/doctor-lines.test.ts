import { expect, it } from 'vitest';
import { printFinding } from '../../../src-main/cli/doctor-lines.ts';
import type { Finding } from '../../../src-main/contract/doctor.ts';

function linesOf(finding: Finding): readonly string[] {
  const lines: string[] = [];
  printFinding(finding, { print: (text) => void lines.push(text) });
  return lines;
}

it('says what to do about what is not certain as about trouble, and tells findings of one check apart', () => {
  const service: Finding = {
    ...{ id: 'bluetooth', check: 'bluetooth', state: 'unknown', code: 'air/no-service', facts: [] },
  };
  expect(linesOf(service)).toEqual([
    'unknown  bluetooth  The Bluetooth service of this computer is not running. (air/no-service)',
    '    Install BlueZ if it is missing, then run systemctl start bluetooth.',
  ]);
  const remedy = { id: 'bluetooth-service', kind: 'manual', needsAdministrator: true, applied: false } as const;
  const commands = ['systemctl enable --now bluetooth'];
  expect(linesOf({ ...service, state: 'trouble', remedy: { ...remedy, commands } }).slice(1)).toEqual([
    '    Install BlueZ if it is missing, then run systemctl start bluetooth.',
    '    remedy for a person: bluetooth-service',
    '      systemctl enable --now bluetooth',
  ]);
  const facts = [{ name: 'way', value: 'tcp:127.0.0.1:6510' }];
  expect(linesOf({ id: 'way-in:tcp', check: 'way-in', state: 'good', facts })).toEqual([
    'good  way-in:tcp',
    '    way: tcp:127.0.0.1:6510',
  ]);
});

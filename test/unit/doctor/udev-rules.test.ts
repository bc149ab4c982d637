import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ANY_HANDSET, overridingRules } from '../../../src-main/doctor/udev/overriding-rules.ts';
import { matchesPattern, readRules } from '../../../src-main/doctor/udev/rule-line.ts';
import { faultsOfUdevRules, readConfiguration } from '../../tools/pack-rules.ts';
import { FakeSystem, RULES } from './fake-system.ts';

describe('rules of udev', () => {
  it('are read with their comments, joined lines and odd signs', () => {
    const text = [
      '# MODE="0666"',
      'SUBSYSTEM=="usb", \\',
      '  ATTR{serial}=="a \\"b\\"", ENV{X}:="1" , TAG-="uaccess"',
      'no rule at all',
      'KERNEL==e"tty*", NAME+="x',
      'MODE="0600"\\',
    ].join('\n');
    expect(
      readRules(text).map(({ line, terms }) => [
        line,
        ...terms.map(({ key, operator, value }) => key + operator + value),
      ]),
    ).toEqual([
      [2, 'SUBSYSTEM==usb', 'ATTR{serial}==a \\"b\\"', 'ENV{X}:=1', 'TAG-=uaccess'],
      [5, 'KERNEL==tty*'],
    ]);
    expect(readRules('\u0000\n\\\n\\').length).toBe(0);
    expect(readRules('A="1"\n'.repeat(6_000)).length).toBe(5_000);
  });

  it.each([
    ['*:020b??:*', ':020201:0a0000:020b00:0a0000:', true],
    ['*:020b??:*', ':020201:0a020b:', false],
    ['ttyACM[0-9]*|ttyUSB[0-9]*', 'ttyUSB12', true],
    ['ttyACM[!0-9]*', 'ttyACM0', false],
    ['a.c', 'abc', false],
    ['[ab', '[ab', true],
    ['a(b)+', 'a(b)+', true],
    ['x[z-a]|y', 'xz', false],
    ['x[z-a]|y', 'y', true],
  ])('match %s with %s: %s', (pattern, value, expected) => {
    expect(matchesPattern(pattern, value)).toBe(expected);
  });

  it.each([
    ['99-a', 'MODE="0600"', true],
    ['99-a', 'SUBSYSTEM=="usb", GROUP="lp"', true],
    ['99-a', 'SUBSYSTEM=="usb", GROUP="dialout", MODE="0666"', false],
    ['99-a', 'SUBSYSTEM=="tty", MODE="0600"', false],
    ['99-a', 'ENV{DEVTYPE}!="usb_device", MODE="0600"', false],
    ['60-a', 'SUBSYSTEM=="usb", MODE="0600"', false],
    ['60-a', 'SUBSYSTEM=="usb", MODE:="0600"', true],
    ['71-a', 'SUBSYSTEM=="usb", TAG-="uaccess"', true],
    ['99-a', 'SUBSYSTEM=="usb", TAG-="uaccess"', false],
    ['99-a', 'SUBSYSTEM=="usb", OWNER="lp"', false],
    ['99-a', 'SUBSYSTEM!="usb", GOTO="e"\nMODE="0600"\nLABEL="e"', true],
    ['99-a', 'TEST=="x", GOTO="e"\nMODE="0600"\nLABEL="e"', false],
  ])('of %s: %s takes back what ours give: %s', async (name, text, expected) => {
    const system = new FakeSystem({ [`/usr/lib/udev/rules.d/${name}.rules`]: text });
    expect((await overridingRules(system, ANY_HANDSET)).length > 0).toBe(expected);
  });

  it('of one name count once, from the folder that wins', async () => {
    const system = new FakeSystem({
      '/etc/udev/rules.d/99-a.rules': '',
      '/usr/lib/udev/rules.d/99-a.rules': 'MODE="0600"',
    });
    expect(await overridingRules(system, ANY_HANDSET)).toEqual([]);
  });
});

describe('our rules', () => {
  it('get into deb and rpm as files of theirs, and beside the program', () => {
    const configuration = readConfiguration();
    expect(faultsOfUdevRules(configuration)).toEqual([]);
    const without = {
      ...configuration,
      rpm: {},
      extraResources: null,
      deb: { ...configuration.deb, afterInstall: 'x.sh' },
    };
    expect(faultsOfUdevRules(without)).toEqual([
      expect.stringContaining('rpm.fpm does not map native/udev/70-pc-agent.rules'),
      "deb.afterInstall replaces the builder's own",
      'native is no extra resource',
    ]);
  });

  it('are rules of udev, with every jump to a label of theirs', () => {
    for (const text of [RULES, readFileSync('native/udev/70-pc-agent-modem-manager.rules', 'utf8')]) {
      const terms = readRules(text).flatMap((rule) => rule.terms);
      const valuesOf = (key: string) => terms.filter((term) => term.key === key).map(({ value }) => value);
      expect(valuesOf('GOTO')).toEqual(valuesOf('LABEL'));
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(readRules(text).map((rule) => rule.text)).toEqual(lines);
    }
  });
});

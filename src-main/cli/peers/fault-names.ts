import { DMS_FAULTS } from '../../virtual/dms/faults.ts';
import { DMS_PROFILES, STANDARD_DMS } from '../../virtual/dms/profiles.ts';
import { choiceProblem, type FaultChoice, type FaultDescription } from '../../virtual/faults/fault.ts';
import { FAULTS } from '../../virtual/handset/faults.ts';
import { PROFILES } from '../../virtual/handset/profiles.ts';

/** Faults that the demo puts into the relay instead of a peer. */
export const RELAY_FAULTS = [
  { name: 'flip-byte', help: 'one byte of a message is changed inside the relay; the demo must notice it' },
] as const;

interface Named extends Pick<FaultDescription, 'value'> {
  readonly name: string;
  readonly help: string;
}

function list(title: string, entries: readonly Named[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  const lines = entries.map(({ name, help, value }) => {
    const meaning = value === undefined ? '' : ` [=${value}]`;
    return `  ${name.padEnd(width)}  ${help}${meaning}`;
  });
  return `\n${title}:\n${lines.join('\n')}\n`;
}

function faultsOf(command: string): readonly FaultDescription[] {
  if (command === 'demo') return [...RELAY_FAULTS, ...FAULTS, ...DMS_FAULTS];
  return command === 'virtual-dms' ? DMS_FAULTS : FAULTS;
}

function profilesOf(command: string): readonly Named[] {
  if (command === 'demo') return [...PROFILES, ...DMS_PROFILES.filter(({ name }) => name !== STANDARD_DMS.name)];
  return command === 'virtual-dms' ? DMS_PROFILES : PROFILES;
}

/** What `--help` of a command lists below its options. */
export function faultHelp(command: string): string {
  return list('Faults', faultsOf(command)) + list('Profiles', profilesOf(command));
}

/** @returns what is wrong with the names, or `undefined` */
export function unknownName(
  command: string,
  faults: readonly FaultChoice[],
  profile: string | undefined,
): string | undefined {
  const known = faultsOf(command);
  const problem = faults.map((fault) => choiceProblem(fault, known)).find((each) => each !== undefined);
  if (problem !== undefined) return `${problem}; --help lists them`;
  if (profile === undefined || profilesOf(command).some(({ name }) => name === profile)) return undefined;
  return `no profile is called ${profile}; --help lists them`;
}

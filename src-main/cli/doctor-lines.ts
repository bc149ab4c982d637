import type { Finding, Remedy } from '../contract/doctor.ts';
import { errorText } from '../wording/error-text.ts';
import type { CommandContext } from './command.ts';

/** A finding in a few lines: what it came to, the facts, and what can be done. */
export function printFinding(finding: Finding, { print }: Pick<CommandContext, 'print'>): void {
  const { id, check, state, code, name, place, address, facts, remedy } = finding;
  // What has no name of its own and is there more than once is told apart by its id, e.g. `way-in:tcp`.
  const title = name === undefined ? id : `${check}  ${name} at ${place ?? address ?? ''}`;
  print(`${state}  ${title}${code === undefined ? '' : `  ${errorText(code).what} (${code})`}`);
  for (const fact of facts) print(`    ${fact.name}: ${fact.value}`);
  // What the doctor does itself needs no person's hands.
  if (code !== undefined && state !== 'good' && remedy?.kind !== 'apply') print(`    ${errorText(code).next}`);
  if (remedy === undefined) return;
  for (const line of remedySummary(remedy, state)) print(`    ${line}`);
}

function remedySummary({ applied, outdated, ...remedy }: Remedy, state: Finding['state']): readonly string[] {
  const undo = applied ? [`applied: ${remedy.id}; pc-agent doctor --undo ${remedy.id}`] : [];
  // What was done for another thing, or by another version, is to be done anew.
  return applied && (outdated !== true || state === 'good') ? undo : [...whatToDo(remedy), ...undo];
}

function whatToDo({ id, kind, path, commands }: Pick<Remedy, 'id' | 'kind' | 'path' | 'commands'>): readonly string[] {
  if (kind === 'apply')
    return [`remedy: pc-agent doctor --apply ${id}`, ...(path === undefined ? [] : [`writes ${path}`])];
  return [`remedy for a person: ${id}`, ...commands.map((command) => `  ${command}`)];
}

/** Exactly what a remedy does. */
export function remedyLines({ id, path, content, commands, needsAdministrator }: Remedy): readonly string[] {
  return [
    `${id} would${path === undefined ? '' : ` write ${path}:`}`,
    ...(content === undefined
      ? []
      : content
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`)),
    ...commands.map((command) => `  run ${command}`),
    ...(needsAdministrator ? ["  after asking for the administrator's password"] : []),
  ];
}

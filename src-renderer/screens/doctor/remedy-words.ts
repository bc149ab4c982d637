import type { Remedy } from '../../../src-main/contract/doctor.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';

type Words = Catalogue['screens']['doctor']['remedy'];

/** What a remedy does, in a sentence. */
export function remedySentence({ id, kind }: Remedy, words: Words): string {
  const name = firstPart(id);
  if (name === 'driver' && kind === 'manual') return words.windowsDriver;
  return inTable(words.kinds, name) ?? words.other;
}

/** What a remedy is called. */
export function remedyName({ id }: Remedy, words: Words): string {
  return inTable(words.names, firstPart(id)) ?? id;
}

/** The same for a person's own shell: what the doctor writes, and the commands that it runs. */
export function remedyByHand({ path, content, commands, needsAdministrator }: Remedy): string {
  const rights = (command: string) => (needsAdministrator && !command.startsWith('sudo') ? `sudo ${command}` : command);
  const file =
    path === undefined || content === undefined
      ? []
      : [`${rights('tee')} ${quoted(path)} > /dev/null <<'${END}'`, content.trimEnd(), END];
  return [...file, ...commands.map(rights)].join('\n');
}

/** The name of a file without its folder. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** No line of a rule is like it. */
const END = 'PC_AGENT_END';

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function firstPart(id: string): string {
  return id.split(':', 1)[0] ?? id;
}

function inTable(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

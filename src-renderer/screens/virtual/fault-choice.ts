import type { FaultView } from '../../../src-main/contract/software-views.ts';

/** The faults that are switched on, with what stands in their fields; an empty value is the fault's own default. */
export type FaultChoices = ReadonlyMap<string, string>;

/** What is set on a handset, `NAME` or `NAME=VALUE`, as choices. */
export function choicesOf(faults: readonly string[]): FaultChoices {
  return new Map(
    faults.map((fault) => {
      const at = fault.indexOf('=');
      return at < 0 ? ([fault, ''] as const) : ([fault.slice(0, at), fault.slice(at + 1)] as const);
    }),
  );
}

/** The other way round, as the host is told. */
export function faultsOf(choices: FaultChoices): string[] {
  return [...choices].map(([name, value]) => (value.trim() === '' ? name : `${name}=${value.trim()}`));
}

/** With one fault switched on, off, or given another value. */
export function withChoice(choices: FaultChoices, name: string, value: string | undefined): FaultChoices {
  const next = new Map(choices);
  if (value === undefined) next.delete(name);
  else next.set(name, value);
  return next;
}

/** Those whose name or words hold each of the words that are searched for. */
export function matchingFaults(faults: readonly FaultView[], search: string): readonly FaultView[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  return faults.filter(({ name, help }) => {
    const text = `${name} ${name.replaceAll('-', ' ')} ${help}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

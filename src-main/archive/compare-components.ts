import type { Comparison } from '../contract/software-views.ts';

/** A component as it is to be. */
export interface WantedComponent {
  readonly id: string;
  readonly version: string;
  /** `active`, `inactive`, or what the handset gave. */
  readonly state: string;
  /** Package that it can be installed from. */
  readonly package?: string | undefined;
}

/** A component as a handset has it. */
export interface PresentComponent {
  readonly id: string;
  readonly version: string;
  readonly state: string;
}

/**
 * What a handset has beside what it is to have: missing, in another version or state, or more than that. It is also the
 * check of a policy, whose list is the one that is wanted. What a handset does not tell is not held against it.
 */
export function compareComponents(
  wanted: readonly WantedComponent[],
  present: readonly PresentComponent[],
  device?: string,
): Comparison {
  const missing: Comparison['missing'] = [];
  const outdated: Comparison['outdated'] = [];
  for (const component of wanted) {
    const { id, version } = component;
    const has = bestOf(present, component);
    const source = component.package === undefined ? {} : { package: component.package };
    if (has === undefined) {
      missing.push({ id, version, ...source });
      continue;
    }
    for (const field of ['version', 'state'] as const) {
      if (isSame(component[field], has[field])) continue;
      outdated.push({ id, has: has[field], wanted: component[field], field, ...source });
    }
  }
  const known = new Set(wanted.map(({ id }) => id));
  const extra = present.filter(({ id }) => !known.has(id)).map(({ id, version }) => ({ id, version }));
  return { ...(device === undefined ? {} : { device }), missing, outdated, extra };
}

/** Whether nothing is missing or outdated; what is more does not count. */
export function isComplete({ missing, outdated }: Comparison): boolean {
  return missing.length === 0 && outdated.length === 0;
}

/** A handset that lists a component twice has it if one of them is right. */
function bestOf(present: readonly PresentComponent[], wanted: WantedComponent): PresentComponent | undefined {
  const found = present.filter(({ id }) => id === wanted.id);
  return (
    found.find(({ version, state }) => isSame(wanted.version, version) && isSame(wanted.state, state)) ??
    found.find(({ version }) => isSame(wanted.version, version)) ??
    found[0]
  );
}

function isSame(wanted: string, has: string): boolean {
  return wanted === has || wanted === '' || has === '';
}

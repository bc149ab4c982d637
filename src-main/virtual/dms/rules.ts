import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { compareVersions } from '../../scomo/version-order.ts';
import { ApiError } from './api-error.ts';
import { ApprovalWish, awaitedIf } from './approval.ts';
import type { KnownDevice } from './device-book.ts';
import { hasEnded, type Job, type NewJob } from './job.ts';
import type { JobStore } from './job-store.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';
import type { DmsPackage } from './packages.ts';
import type { InventoryEntry } from './software-facts.ts';
import { Urgency } from './urgency.ts';
import { componentsOf, isForModel, MAX_WANTED, WantedPackage } from './wanted.ts';

/** What every handset of a model is to have. */
export const RuleRequest = z.strictObject({
  packages: z
    .array(
      z.union([
        z
          .string()
          .min(1)
          .max(256)
          .transform((id): WantedPackage => ({ package: id })),
        WantedPackage,
      ]),
    )
    .min(1)
    .max(MAX_WANTED)
    .meta({ description: 'ids of packages, or with an urgency' }),
  ...ApprovalWish.shape,
});
export type RuleRequest = z.infer<typeof RuleRequest>;

export const Rule = z.object({
  model: z.string(),
  packages: z.array(z.object({ package: z.string(), urgency: Urgency.optional() })),
  approval: z.literal('required').optional(),
  requestedBy: z.string().optional(),
});
export type Rule = Readonly<z.infer<typeof Rule>>;

export interface RuleStore {
  get(model: string): Rule | undefined;
  list(): readonly Rule[];
  /** Says it anew: what failed before is tried once more. @throws ApiError 503 `rule/too-many` */
  put(model: string, request: RuleRequest): Rule;
  /** @throws ApiError 404 `rule/unknown` */
  delete(model: string): void;
  /** Jobs for what a handset lacks or has in an older version: one for each version that is offered, however it ends. */
  apply(known: KnownDevice, offered: readonly DmsPackage[], options?: { readonly quiet?: boolean }): readonly Job[];
}

const MAX_RULES = 1000;
/** Packages tried on handsets, that a rule remembers; the oldest give way. */
const MAX_TRIED = 100_000;

const KeptRule = Rule.extend({
  /** Version that was tried last, by handset and package. */
  tried: z.record(z.string(), z.string()),
});
type KeptRule = z.infer<typeof KeptRule>;
const RuleFile = z.object({ version: z.literal(1), rules: z.array(KeptRule) });

/** Keeps rules in memory, and in `rules.json` of the state folder when there is one. */
export async function openRules(jobs: JobStore, options: { readonly state?: string }): Promise<RuleStore> {
  const { state } = options;
  const file =
    state === undefined ? noFile<z.infer<typeof RuleFile>>() : await openJsonFile(state, 'rules.json', RuleFile);
  return createRules(jobs, file);
}

function createRules(jobs: JobStore, file: JsonFile<z.infer<typeof RuleFile>>): RuleStore {
  let rules = new Map<string, KeptRule>((file.initial?.rules ?? []).map((rule) => [rule.model, rule]));

  function keepAll(next: Map<string, KeptRule>): void {
    file.write({ version: 1, rules: [...next.values()] });
    rules = next;
  }

  /** What of a rule a handset needs now, and what was tried on it before and counts no longer. */
  function lookAt(rule: KeptRule, known: KnownDevice, offered: readonly DmsPackage[]) {
    const inventory = known.components ?? [];
    const due: DmsPackage[] = [];
    const settled: string[] = [];
    const open = jobs.list(known.device).filter((job) => !hasEnded(job));
    for (const { package: id } of rule.packages) {
      const pkg = offered.find((each) => each.id === id);
      if (pkg === undefined || !isForModel(pkg, known.model)) continue;
      const key = triedKey(known.device, id);
      if (!lacks(inventory, pkg)) settled.push(...(rule.tried[key] === undefined ? [] : [key]));
      else if (rule.tried[key] !== pkg.version && !open.some((job) => job.package === id)) due.push(pkg);
    }
    return { due, settled };
  }

  return {
    get: (model) => ruleOf(rules.get(model)),
    list: () => [...rules.values()].flatMap((rule) => ruleOf(rule) ?? []),
    put(model, request) {
      if (!rules.has(model) && rules.size >= MAX_RULES) {
        throw new ApiError(503, 'rule/too-many', `there are ${MAX_RULES} rules`);
      }
      const rule: KeptRule = { model, ...request, packages: [...request.packages], tried: {} };
      keepAll(new Map(rules).set(model, rule));
      return ruleOf(rule) ?? rule;
    },
    delete(model) {
      const next = new Map(rules);
      if (!next.delete(model)) throw new ApiError(404, 'rule/unknown', 'there is no rule for this model');
      keepAll(next);
    },
    apply(known, offered, options) {
      const rule = rules.get(known.model ?? '');
      if (rule === undefined || known.components === undefined) return [];
      const { due, settled } = lookAt(rule, known, offered);
      if (due.length === 0 && settled.length === 0) return [];
      // Should the program end between the two, an open job keeps the next look from making another.
      const made = jobs.addAll(
        due.map((pkg) => jobOf(rule, known, pkg)),
        options,
      );
      const tried = Object.entries(rule.tried).filter(([key]) => !settled.includes(key));
      for (const pkg of due) tried.push([triedKey(known.device, pkg.id), pkg.version]);
      keepAll(new Map(rules).set(rule.model, { ...rule, tried: Object.fromEntries(tried.slice(-MAX_TRIED)) }));
      return made.filter(({ approval }) => approval !== 'awaited');
    },
  };
}

function ruleOf(kept: KeptRule | undefined): Rule | undefined {
  if (kept === undefined) return undefined;
  const { tried: _tried, ...rule } = kept;
  return rule;
}

function triedKey(device: string, pkg: string): string {
  return JSON.stringify([deviceKey(device), pkg]);
}

function jobOf(rule: KeptRule, { device, components }: KnownDevice, pkg: DmsPackage): NewJob {
  const there = new Set((components ?? []).map(({ id }) => id));
  const isThere = componentsOf(pkg).some(({ id }) => there.has(id));
  return {
    ...{ device, model: rule.model, rule: rule.model },
    operation: isThere ? 'update' : 'install',
    package: pkg.id,
    ...awaitedIf(rule),
  };
}

/** A component of the package is not there, or an older one. */
function lacks(inventory: readonly InventoryEntry[], pkg: DmsPackage): boolean {
  const versions = new Map(inventory.map(({ id, version }) => [id, version]));
  return componentsOf(pkg).some(({ id, version }) => {
    const there = versions.get(id);
    return there === undefined || compareVersions(there, version) < 0;
  });
}

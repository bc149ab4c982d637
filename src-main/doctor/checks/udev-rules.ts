import { assertNever } from '../../base/errors.ts';
import type { AttachedDevice } from '../attached-device.ts';
import type { Checked, Examination } from '../examination.ts';
import { computerFinding, fact } from '../finding.ts';
import { ruleFileCure } from '../remedies/other-remedies.ts';
import { rulesCure } from '../remedies/rule-remedies.ts';
import { RULE_FOLDERS, RULES_NAME } from '../rule-files.ts';
import { deviceProperties } from '../udev/device-properties.ts';
import { ANY_HANDSET, type OverridingRule, overridingRules } from '../udev/overriding-rules.ts';

/** Whether the installed rules are ours octet by octet, and no other rule takes back what they give. */
export async function checkUdevRules(
  examination: Examination,
  devices: readonly AttachedDevice[],
): Promise<Checked | undefined> {
  const { system, udev, rules } = examination;
  if (system.platform !== 'linux') return undefined;
  if (!udev) {
    return { finding: computerFinding('udev-rules', { state: 'unknown', facts: [fact('udev', 'not here')] }) };
  }
  const cure = await rulesCure({ system });
  if (rules.kind === 'ours') {
    const overriding = await overridingFor(examination, devices);
    const [first] = overriding;
    if (first !== undefined) {
      const facts = [
        fact('file', rules.path),
        ...overriding.map(({ path, line, text }) => fact('rule', `${path}:${line}: ${text}`)),
      ];
      const other = ruleFileCure(first.path);
      const verdict = { state: 'trouble', code: 'doctor/rules-overridden', facts, remedy: other.remedy } as const;
      return { finding: computerFinding('udev-rules', verdict), cure: other };
    }
    const remedy = cure?.remedy.applied === true ? cure.remedy : undefined;
    const verdict = { state: 'good', facts: [fact('file', rules.path)], remedy } as const;
    return { finding: computerFinding('udev-rules', verdict), cure };
  }
  const verdict = { state: rules.kind === 'no-source' ? 'unknown' : 'trouble', ...saidOf(rules) } as const;
  return { finding: computerFinding('udev-rules', { ...verdict, remedy: cure?.remedy }), cure };
}

function saidOf(rules: Exclude<Examination['rules'], { readonly kind: 'ours' }>) {
  switch (rules.kind) {
    case 'missing':
      return {
        code: 'doctor/rules-missing',
        facts: [fact('file', `${RULES_NAME}: in none of ${RULE_FOLDERS.join(', ')}`)],
      };
    case 'different':
      return { code: 'doctor/rules-differ', facts: [fact('file', rules.path), fact('octets', rules.octets)] };
    case 'masked':
      return { code: 'doctor/rules-differ', facts: [fact('file', rules.path), fact('octets', 0)] };
    case 'unreadable':
      return { code: 'doctor/rules-differ', facts: [fact('file', rules.path), fact('access', 'denied')] };
    case 'no-source':
      return { code: 'doctor/rules-absent', facts: [fact('file', `${RULES_NAME}: not in this program`)] };
    default:
      return assertNever(rules);
  }
}

async function overridingFor(
  { system }: Examination,
  devices: readonly AttachedDevice[],
): Promise<readonly OverridingRule[]> {
  const known = await Promise.all(devices.map((device) => deviceProperties(system, device)));
  const found = await Promise.all([ANY_HANDSET, ...known.flat()].map((each) => overridingRules(system, each)));
  const unique = new Map(found.flat().map((rule) => [`${rule.path}:${rule.line}`, rule]));
  return [...unique.values()];
}

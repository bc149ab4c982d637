import type { AttachedDevice } from '../attached-device.ts';
import type { Checked, Examination } from '../examination.ts';
import { deviceFinding, type Fact, fact } from '../finding.ts';
import { groupCure, loginCure, ruleFileCure } from '../remedies/other-remedies.ts';
import { againCure, type Cure, rulesCure } from '../remedies/rule-remedies.ts';
import type { NodeStat } from '../system.ts';
import { deviceProperties } from '../udev/device-properties.ts';
import { overridingRules } from '../udev/overriding-rules.ts';

interface NodeView {
  readonly path: string;
  readonly stat: NodeStat | undefined;
  readonly access: 'allowed' | 'denied' | 'absent';
}

/** Group may read and write. */
const SHARED = 0o060;
const ROOT = 0;

/** Whether this user may open the nodes of a thing, by the system's own word, which knows of access lists too. */
export async function checkPermission(examination: Examination, device: AttachedDevice): Promise<Checked | undefined> {
  const { system } = examination;
  const told = device.thing.functions.find(({ reason }) => reason === 'bearer/permission-denied');
  if (system.platform === 'win32') return told === undefined ? undefined : toldOnly(device, told.address, told.os);
  // What nobody would open needs no right.
  const { functions, reason } = device.thing;
  if (functions.length === 0 && reason !== 'bearer/permission-denied') return undefined;
  if (device.nodes.length === 0) return undefined;
  const nodes = await Promise.all(device.nodes.map((path) => lookAtNode(examination, path)));
  const facts = [...nodes.flatMap((node) => factsOf(examination, node)), ...userFacts(examination)];
  const denied = nodes.find(({ access }) => access === 'denied');
  if (denied === undefined) return allowed(examination, device, nodes, facts);
  const cure = await cureOf(examination, device, denied);
  const verdict = { state: 'trouble', code: 'bearer/permission-denied', facts, remedy: cure?.remedy } as const;
  const address = addressOf(device, denied.path);
  return { finding: deviceFinding('permission', device, { ...verdict, address }), cure };
}

/** An administrator may open everything: what counts for others is whether the node is as the rules say. */
async function allowed(
  examination: Examination,
  device: AttachedDevice,
  nodes: readonly NodeView[],
  facts: readonly (Fact | undefined)[],
): Promise<Checked> {
  if (nodes.some(({ access }) => access === 'absent')) {
    // About to come, or gone with its thing.
    return { finding: deviceFinding('permission', device, { state: 'unknown', code: 'bearer/unavailable', facts }) };
  }
  const closed = examination.system.administrator && isRuled(examination, device);
  const strange = closed ? nodes.find((node) => !isAsRuled(examination, device, node)) : undefined;
  if (strange === undefined) return { finding: deviceFinding('permission', device, { state: 'good', facts }) };
  const cure = await cureOf(examination, device, strange);
  const verdict = { state: 'unknown', code: 'bearer/permission-denied', facts, remedy: cure?.remedy } as const;
  const address = addressOf(device, strange.path);
  return { finding: deviceFinding('permission', device, { ...verdict, address }), cure };
}

/** Whether rules of ours decide about its nodes. */
function isRuled({ system, udev }: Examination, { usbPort }: AttachedDevice): boolean {
  return usbPort !== undefined && udev && system.platform === 'linux';
}

function toldOnly(device: AttachedDevice, address: string, os: string | undefined): Checked {
  const facts = [fact('system', os)];
  return {
    finding: deviceFinding('permission', device, {
      state: 'trouble',
      code: 'bearer/permission-denied',
      address,
      facts,
    }),
  };
}

async function lookAtNode({ system }: Examination, path: string): Promise<NodeView> {
  const [stat, access] = await Promise.all([system.stat(path), system.access(path)]);
  return { path, stat, access };
}

function factsOf({ accounts }: Examination, { path, stat, access }: NodeView): readonly (Fact | undefined)[] {
  return [
    fact('node', path),
    ...(stat === undefined
      ? []
      : [
          fact('owner', accounts.userName(stat.uid)),
          fact('group', accounts.groupName(stat.gid)),
          fact('mode', stat.mode.toString(8).padStart(4, '0')),
        ]),
    fact('access', access),
  ];
}

function userFacts({ system, accounts }: Examination): readonly (Fact | undefined)[] {
  const { name, groups } = system.user;
  return [fact('user', name), fact('groups', groups.map((gid) => accounts.groupName(gid)).join(' '))];
}

/** The way that goes through the node. */
function addressOf({ thing, usbNode }: AttachedDevice, node: string): string | undefined {
  const over = thing.functions.find(({ kind, address }) =>
    node === usbNode ? kind === 'usb' : kind === 'serial' && address.startsWith(`serial:${node}`),
  );
  return over?.address;
}

/** What comes next: rules, udev, the group's list, a new login. */
async function cureOf(examination: Examination, device: AttachedDevice, node: NodeView): Promise<Cure | undefined> {
  const { system, rules } = examination;
  const { usbPort } = device;
  const ruled = isRuled(examination, device) && usbPort !== undefined;
  if (ruled && rules.kind !== 'ours' && rules.kind !== 'no-source') return rulesCure({ system, port: usbPort });
  if (ruled && !isAsRuled(examination, device, node)) return overriddenCure(examination, device, usbPort);
  return groupOrLogin(examination, device, node);
}

/** Whether mode and group of a node are what our rules give it. */
function isAsRuled({ accounts }: Examination, { usbNode }: AttachedDevice, { path, stat }: NodeView): boolean {
  if (stat === undefined) return true;
  if ((stat.mode & 0o660) !== 0o660) return false;
  // Where there is no such group, the rule leaves the group alone.
  return path !== usbNode || !accounts.hasGroup('dialout') || accounts.groupName(stat.gid) === 'dialout';
}

async function overriddenCure({ system }: Examination, device: AttachedDevice, port: string): Promise<Cure> {
  const properties = await deviceProperties(system, device);
  const [rule] = (await Promise.all(properties.map((each) => overridingRules(system, each)))).flat();
  return rule === undefined ? againCure(system, port) : ruleFileCure(rule.path);
}

function groupOrLogin(
  { system, accounts }: Examination,
  { thing }: AttachedDevice,
  { stat }: NodeView,
): Cure | undefined {
  if (stat === undefined || (stat.mode & SHARED) !== SHARED || stat.gid === ROOT) return undefined;
  const { user } = system;
  if (user.groups.includes(stat.gid)) return undefined;
  return accounts.isMember(user.name, stat.gid)
    ? loginCure(thing.id)
    : groupCure(thing.id, user.name, accounts.groupName(stat.gid));
}

import type { AttachedDevice } from '../attached-device.ts';
import { type Checked, type Examination, udevProperties } from '../examination.ts';
import { computerFinding, deviceFinding, fact } from '../finding.ts';
import { modemManagerCure } from '../remedies/rule-remedies.ts';
import { ADMIN_FOLDER, MODEM_MANAGER_NAME } from '../rule-files.ts';
import { readValue } from '../system.ts';
import { isWrittenByDoctor } from '../udev/installed-rules.ts';

/**
 * Whether ModemManager sends AT commands to the thing's ports. Where it runs and may come at the next plugging in, that
 * is no trouble yet, and the opt-in is offered all the same.
 */
export async function checkModemManager(
  examination: Examination,
  device: AttachedDevice,
): Promise<Checked | undefined> {
  const { system, modemManager, udev } = examination;
  const { thing, usbPort } = device;
  const ports = thing.functions.filter(({ kind }) => kind === 'serial');
  if (system.platform !== 'linux' || ports.length === 0) return undefined;
  const probed = ports.find(({ reason }) => reason === 'bearer/modem-manager');
  const ignored = await isIgnored(examination, device);
  const facts = [
    fact('ModemManager', modemManager === undefined ? 'does not run' : `runs, pid ${modemManager.pid}`),
    fact('ID_MM_DEVICE_IGNORE', ignored ? '1' : 'not set'),
    fact('holder', probed?.holder?.name),
    fact('pid', probed?.holder?.pid),
  ];
  const cure = udev
    ? await modemManagerCure({ system, port: usbPort, id: `modem-manager:${thing.id}`, ...idsOf(device) })
    : undefined;
  const harmless = probed === undefined && (modemManager === undefined || ignored);
  const shown = harmless && cure?.remedy.applied !== true ? undefined : cure;
  const state = probed !== undefined ? 'trouble' : harmless ? 'good' : 'unknown';
  const verdict = {
    state,
    code: 'bearer/modem-manager',
    facts,
    remedy: shown?.remedy,
    address: (probed ?? ports[0])?.address,
  } as const;
  return { finding: deviceFinding('modem-manager', device, verdict), cure: shown };
}

/** The opt-in that the doctor put there for a thing that has gone since: it can be taken back. */
export async function checkOptIn(
  examination: Examination,
  devices: readonly AttachedDevice[],
): Promise<Checked | undefined> {
  const { system, udev } = examination;
  const shown = devices.some(({ thing }) => thing.functions.some(({ kind }) => kind === 'serial'));
  if (system.platform !== 'linux' || !udev || shown) return undefined;
  if (!(await isWrittenByDoctor(system, MODEM_MANAGER_NAME))) return undefined;
  const cure = await modemManagerCure({ system, port: undefined, id: 'modem-manager' });
  const facts = [fact('file', `${ADMIN_FOLDER}/${MODEM_MANAGER_NAME}`)];
  return { finding: computerFinding('modem-manager', { state: 'good', facts, remedy: cure?.remedy }), cure };
}

function idsOf({ thing }: AttachedDevice) {
  return { vendorId: thing.vendorId, productId: thing.productId };
}

/** udev keeps what rules set, by number of the device node: 189 is USB, 128 nodes a bus (devices.txt of Linux). */
async function isIgnored({ system }: Examination, { usbNode, nodes }: AttachedDevice): Promise<boolean> {
  const [bus, number] = (usbNode ?? '').split('/').slice(-2).map(Number);
  const keys = bus === undefined || number === undefined ? [] : [`c189:${(bus - 1) * 128 + number - 1}`];
  for (const node of nodes.filter((path) => path !== usbNode)) {
    const dev = await readValue(system, `/sys/class/tty/${node.replace(/^.*\//, '')}/dev`);
    if (dev !== undefined && /^\d+:\d+$/.test(dev)) keys.push(`c${dev}`);
  }
  const properties = await Promise.all(keys.map((key) => udevProperties(system, key)));
  const marks = ['ID_MM_DEVICE_IGNORE', 'ID_MM_PORT_IGNORE'];
  return properties.some((each) => marks.some((name) => ['1', 'true'].includes(each.get(name) ?? '')));
}

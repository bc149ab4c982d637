import type { AttachedDevice, DeviceInterface } from '../attached-device.ts';
import type { Checked, Examination } from '../examination.ts';
import { computerFinding, deviceFinding, fact } from '../finding.ts';
import { driverCure, windowsDriverCure } from '../remedies/other-remedies.ts';
import { INF_NAME } from '../rule-files.ts';

/** Communications class, abstract control model (USB CDC PSTN 1.2, 3.6.2): a modem's port, of `cdc_acm`. */
const ACM = /^0202/;
/** OBEX (USB CDC WMC 1.0, 6.5): opened as it is, without a driver of the kernel. */
const OBEX = /^020b/;
const MODULE = 'cdc_acm';

/** Whether each interface that a handset is reached by has the driver that it needs. */
export async function checkDriver({ system }: Examination, device: AttachedDevice): Promise<Checked | undefined> {
  const { thing, usbPort, interfaces } = device;
  const lacking = [thing, ...thing.functions].some(({ reason }) => reason === 'bearer/driver-missing');
  if (system.platform === 'win32') return lacking ? windowsDriver(system, device) : undefined;
  if (system.platform !== 'linux' || usbPort === undefined) {
    if (!lacking) return undefined;
    const facts = [fact('system', thing.os)];
    return { finding: deviceFinding('driver', device, { state: 'trouble', code: 'bearer/driver-missing', facts }) };
  }
  const facts = [...interfaces.map(driverFact), await moduleFact(system, interfaces)];
  const without = interfaces.some(({ kind, driver }) => ACM.test(kind) && driver === undefined);
  const cure = await driverCure(system, thing.id);
  if (without || lacking) {
    const remedy = without ? cure : undefined;
    const verdict = { state: 'trouble', code: 'bearer/driver-missing', facts, remedy: remedy?.remedy } as const;
    return { finding: deviceFinding('driver', device, verdict), cure: remedy };
  }
  if (!interfaces.some(({ kind }) => ACM.test(kind) || OBEX.test(kind)) && thing.functions.length === 0)
    return undefined;
  const undo = cure.remedy.applied ? cure : undefined;
  return { finding: deviceFinding('driver', device, { state: 'good', facts, remedy: undo?.remedy }), cure: undo };
}

/** The driver that the doctor loaded for a thing that has gone since: it can be taken back. */
export async function checkLoaded(
  { system }: Examination,
  devices: readonly AttachedDevice[],
): Promise<Checked | undefined> {
  const shown = devices.some(({ usbPort }) => usbPort !== undefined);
  if (system.platform !== 'linux' || shown) return undefined;
  const cure = await driverCure(system);
  if (!cure.remedy.applied) return undefined;
  const facts = [fact('module', `${MODULE}: loaded`)];
  return { finding: computerFinding('driver', { state: 'good', facts, remedy: cure.remedy }), cure };
}

function driverFact({ name, kind, driver }: DeviceInterface) {
  const what = kind.replace(/^(..)(..)(..)$/, '$1/$2/$3');
  return fact('driver', `${name} (${what}): ${driver ?? 'none'}`);
}

async function moduleFact(system: Examination['system'], interfaces: readonly DeviceInterface[]) {
  if (!interfaces.some(({ kind }) => ACM.test(kind))) return undefined;
  const loaded = (await system.stat(`/sys/module/${MODULE}`)) !== undefined;
  return fact('module', `${MODULE}: ${loaded ? 'loaded' : 'not loaded'}`);
}

function windowsDriver(system: Examination['system'], device: AttachedDevice): Checked {
  const cure = windowsDriverCure(system, device.thing.id);
  const facts = [
    fact('driver', 'WinUSB is not bound to the OBEX interface'),
    fact('signing', `${INF_NAME} needs a signed catalogue beside it; Windows refuses it without one`),
    fact('system', device.thing.os),
  ];
  const verdict = { state: 'trouble', code: 'bearer/driver-missing', facts, remedy: cure?.remedy } as const;
  return { finding: deviceFinding('driver', device, verdict), cure };
}

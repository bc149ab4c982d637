import type { AttachedDevice } from '../attached-device.ts';
import type { Checked } from '../examination.ts';
import { deviceFinding, fact } from '../finding.ts';

/** Whether the thing offers OBEX or AT commands at all. */
export function checkService(device: AttachedDevice): Checked {
  const { thing, interfaces } = device;
  const ways = thing.functions.map(({ address, service }) =>
    fact('way', service === undefined ? address : `${address} (${service})`),
  );
  const kinds = interfaces.map(({ name, kind }) =>
    fact('interface', `${name} (${kind.replace(/^(..)(..)(..)$/, '$1/$2/$3')})`),
  );
  const facts = [...ways, ...(ways.length > 0 ? [] : kinds), fact('system', thing.os)];
  const lack = [thing, ...thing.functions].find(
    ({ reason }) => reason === 'bearer/no-obex' || reason === 'bearer/unusable',
  );
  if (thing.functions.length > 0 && lack === undefined) {
    return { finding: deviceFinding('service', device, { state: 'good', facts }) };
  }
  // Without a driver, or while another program has it, nobody can tell what it would offer.
  const code = lack?.reason ?? thing.reason ?? 'bearer/no-obex';
  const state = lack === undefined && thing.reason !== undefined ? 'unknown' : 'trouble';
  return { finding: deviceFinding('service', device, { state, code, facts }) };
}

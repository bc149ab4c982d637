import type { AttachedDevice } from '../attached-device.ts';
import type { Checked, Examination } from '../examination.ts';
import { deviceFinding, fact } from '../finding.ts';
import { holderCure } from '../remedies/other-remedies.ts';
import { readText } from '../system.ts';

/** Whether another program holds one of the ways. What holds it to try it out is the modem service's check. */
export async function checkHolder({ system }: Examination, device: AttachedDevice): Promise<Checked | undefined> {
  const { thing } = device;
  const held = thing.functions.find(({ reason }) => reason === 'bearer/busy');
  const busy = held ?? (thing.reason === 'bearer/busy' ? thing : undefined);
  if (busy === undefined) {
    if (thing.functions.length === 0) return undefined;
    return { finding: deviceFinding('holder', device, { state: 'good', facts: [] }) };
  }
  const { holder } = busy;
  const cure = holder === undefined ? undefined : holderCure(thing.id, holder);
  const command = holder === undefined ? undefined : await readText(system, `/proc/${holder.pid}/cmdline`);
  const facts = [
    fact('holder', holder?.name ?? 'not known: a program of another user, or one that has ended'),
    fact('pid', holder?.pid),
    fact('command', command?.replaceAll('\0', ' ').trim()),
    fact('system', busy.os),
  ];
  const verdict = {
    state: 'trouble',
    code: 'bearer/busy',
    facts,
    remedy: cure?.remedy,
    address: held?.address,
  } as const;
  return { finding: deviceFinding('holder', device, verdict), cure };
}

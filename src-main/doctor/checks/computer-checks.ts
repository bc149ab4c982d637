import { isAbort, isPcAgentError } from '../../base/errors.ts';
import type { AttachedThing } from '../../bearer/discovery.ts';
import { USB_DEVICES } from '../attached-device.ts';
import type { Checked, Examination } from '../examination.ts';
import { computerFinding, fact } from '../finding.ts';

/** Whether the system shows USB at all: a container or a virtual machine may not. */
export async function checkUsbSystem({ system }: Examination): Promise<Checked> {
  if (system.platform !== 'linux') {
    return { finding: computerFinding('usb-system', { state: 'unknown', facts: [fact('system', system.platform)] }) };
  }
  const there = (await system.stat(USB_DEVICES)) !== undefined;
  const names = there ? await system.list(USB_DEVICES) : [];
  const hosts = names.filter((name) => /^usb\d+$/.test(name));
  const facts = [fact('folder', there ? USB_DEVICES : `${USB_DEVICES}: not there`), fact('buses', hosts.join(' '))];
  // A folder without a bus is that of a kernel whose computer has no USB.
  const good = hosts.length > 0;
  return { finding: computerFinding('usb-system', { state: good ? 'good' : 'trouble', code: 'doctor/no-usb', facts }) };
}

/** What discovery, and with it the process of the native modules, answered. */
export type Looked =
  | { readonly kind: 'things'; readonly things: readonly AttachedThing[] }
  | { readonly kind: 'failed'; readonly code: string; readonly said: string };

/** @throws AbortError */
export async function lookAround(look: () => Promise<readonly AttachedThing[]>): Promise<Looked> {
  try {
    return { kind: 'things', things: await look() };
  } catch (error) {
    if (isAbort(error)) throw error;
    const said = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', code: isPcAgentError(error) ? error.code : 'bearer/child-lost', said };
  }
}

/** Whether the process of the native modules starts, loads them and answers. */
export function checkBearerProcess(looked: Looked): Checked {
  if (looked.kind === 'failed') {
    const facts = [fact('error', looked.said)];
    return { finding: computerFinding('bearer-process', { state: 'trouble', code: looked.code, facts }) };
  }
  const facts = [fact('attached', looked.things.length)];
  return { finding: computerFinding('bearer-process', { state: 'good', facts }) };
}

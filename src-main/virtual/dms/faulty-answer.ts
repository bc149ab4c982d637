import { utf8 } from '../../base/bytes.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { Envelope } from '../../link/message-link.ts';
import { type FaultChoice, hasFault } from '../faults/fault.ts';
import type { DmRefusal } from './dm-endpoint.ts';

/** What a server that was told to do wrong answers in place of its second message. */
export async function faultyAnswer(
  faults: readonly FaultChoice[],
  answered: number,
  signal: AbortSignal,
): Promise<Envelope | DmRefusal | undefined> {
  if (answered !== 2) return undefined;
  if (hasFault(faults, 'dms-http-500')) return { status: 500, message: 'the server is told to fail' };
  if (hasFault(faults, 'dms-html')) {
    return { contentType: 'text/html', body: utf8('<html><body>hello</body></html>') };
  }
  if (hasFault(faults, 'dms-empty')) return { contentType: 'text/plain', body: new Uint8Array(0) };
  if (hasFault(faults, 'dms-huge')) return { contentType: 'text/plain', body: new Uint8Array(100_000_000) };
  if (!hasFault(faults, 'dms-stall')) return undefined;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  throw new PcAgentError('virtual/stalled', 'the answer was held back, as the server was told to');
}

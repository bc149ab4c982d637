import { realpath } from 'node:fs/promises';
import { isPcAgentError, PcAgentError } from '../../../base/errors.ts';
import { nodeClock } from '../../../base/node/clock.ts';
import { PortHolders } from '../discovery/holders.ts';
import { SystemFiles } from '../discovery/system-files.ts';

/** Milliseconds; who has been refused is told within them. */
const LIMIT_MS = 1_000;

/** Our own use of a device has no other name: nobody can end it but we. */
const OURS: ReadonlySet<number> = new Set([process.pid]);
const holders = new PortHolders(new SystemFiles(), nodeClock, OURS);

/**
 * An error `bearer/busy` with the program that has the device node open: its name and number in the text and in the
 * details `holder` and `pid`. Others, and where the system does not tell this user, as they are.
 * @param node path of the device node, or of a link to it; it may fail
 */
export async function withHolder(error: unknown, node: () => string | Promise<string>): Promise<unknown> {
  if (!isPcAgentError(error, 'bearer/busy')) return error;
  const holder = await holderAt(node).catch(() => undefined);
  if (holder === undefined || OURS.has(holder.pid)) return error;
  const { name, pid } = holder;
  const { cause, retry, details } = error;
  return new PcAgentError(error.code, `${error.message}: ${name}, process ${pid}`, {
    cause,
    retry,
    details: { ...details, holder: name, pid },
  });
}

async function holderAt(node: () => string | Promise<string>) {
  const path = await realpath(await node());
  const found = await holders.of(new Set([path]), 0, AbortSignal.timeout(LIMIT_MS));
  return found.get(path)?.[0];
}

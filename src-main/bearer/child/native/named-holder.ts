import { realpath } from 'node:fs/promises';
import { isPcAgentError, PcAgentError } from '../../../base/errors.ts';
import { nodeClock } from '../../../base/node/clock.ts';
import type { Holder } from '../../discovery.ts';
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
 * @param besidesUs we have it open as well; else it is busy by our own doing where we have it
 */
export async function withHolder(
  error: unknown,
  node: () => string | Promise<string>,
  besidesUs = false,
): Promise<unknown> {
  if (!isPcAgentError(error, 'bearer/busy')) return error;
  const all = await holdersAt(node).catch(() => []);
  const others = all.filter(({ pid }) => !OURS.has(pid));
  const [holder] = besidesUs || others.length === all.length ? others : [];
  if (holder === undefined) return error;
  const { name, pid } = holder;
  const { cause, retry, details } = error;
  const who = name === '' ? `process ${pid}` : `${name}, process ${pid}`;
  return new PcAgentError(error.code, `${error.message}: ${who}`, {
    cause,
    retry,
    details: { ...details, ...(name === '' ? {} : { holder: name }), pid },
  });
}

async function holdersAt(node: () => string | Promise<string>): Promise<readonly Holder[]> {
  const path = await realpath(await node());
  const found = await holders.of(new Set([path]), 0, AbortSignal.timeout(LIMIT_MS));
  return found.get(path) ?? [];
}

import { milliseconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { type Host, type HostOptions, openHost } from './host.ts';

/** Between two looks whether a command that holds the data folder is done. */
const GLANCE = milliseconds(50);

/**
 * Opens a host that stays. A command that is the host meanwhile is waited for; a host that stays is not.
 * @throws PcAgentError as `openHost`; AbortError
 */
export async function openLastingHost(options: Omit<HostOptions, 'stays'>, signal: AbortSignal): Promise<Host> {
  for (;;) {
    try {
      return await openHost({ ...options, stays: true });
    } catch (error) {
      if (!isPcAgentError(error, 'host/running') || error.details.stays !== false) throw error;
    }
    await options.clock.sleep(GLANCE, signal);
  }
}

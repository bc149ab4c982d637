import { milliseconds, seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import { places } from '../settings/places.ts';
import { hostEndpoint } from './endpoint.ts';
import { frameErrorOf } from './frame-error.ts';
import { joinHost } from './joined-door.ts';
import { openLastingHost } from './lasting-host.ts';
import { ownDoor } from './own-door.ts';
import { type FaceDoor, type HostPort, servePort } from './port-host.ts';
import { shellBearers } from './shell-bearers.ts';

/** The last message is on its way when the process ends. */
const LAST_WORDS = milliseconds(50);
/** How long work may take to end once the window is to close; then it is broken off. */
const LEAVE_LIMIT = seconds(5);

/**
 * The host in a process of its own below the window's: opens the data folder or joins the host that holds it, serves
 * the port, and ends the process. A process without its host has nothing left to do, so whoever started it starts anew.
 */
export async function main(port: HostPort): Promise<void> {
  // Electron only warns of these in a utility process; a half-broken host must not go on.
  process.on('unhandledRejection', (reason) => fail(port, reason));
  process.on('uncaughtException', (error) => fail(port, error));
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  try {
    const door = await openDoor(port, stop.signal);
    await Promise.race([servePort(port, door), aborted(stop.signal)]);
    await door.close(AbortSignal.timeout(LEAVE_LIMIT));
    process.exit(0);
  } catch (error) {
    fail(port, error);
  }
}

async function openDoor(port: HostPort, signal: AbortSignal): Promise<FaceDoor> {
  const own = places(process.env, process.platform);
  const note = (text: string) => port.postMessage({ kind: 'note', text });
  try {
    const options = { places: own, clock: nodeClock, sendReports: true, note, startBearers: shellBearers(port) };
    return ownDoor(await openLastingHost(options, signal));
  } catch (error) {
    if (!isPcAgentError(error, 'host/running')) throw error;
    note(`joined the host that runs already: ${error.message}`);
    return joinHost(hostEndpoint(own.runtime));
  }
}

function fail(port: HostPort, error: unknown): void {
  const { code, message } = frameErrorOf(error);
  port.postMessage({ kind: 'failed', code, message });
  process.exitCode = 1;
  setTimeout(() => process.exit(), LAST_WORDS);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

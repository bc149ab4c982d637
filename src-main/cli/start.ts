import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import { type Host, openHost } from '../host/host.ts';
import { openLastingHost } from '../host/lasting-host.ts';
import { hasDisplay, openBrowser } from '../host/page-browser.ts';
import type { PageServer } from '../host/page-server.ts';
import { places } from '../settings/places.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import type { StartOptions } from './options.ts';
import { PAGE_FOLDER } from './page-folder.ts';

/** How long the browser may take before the demo runs without it. */
const VISIT_LIMIT = seconds(10);

/** `npm start`: serves the page, runs the demo once so that the page shows it live, and stays until Ctrl-C. */
export async function run(options: StartOptions, context: CommandContext): Promise<CommandOutcome> {
  const { signal } = context;
  const { server, host, close } = await openScreens(options.port, context);
  const stopAnswering = giveNewAddresses(server, context);
  try {
    context.emit({ type: 'listening', address: server.newAddress(), pid: process.pid });
    const visible = await showPage(options, server, context);
    const emit = options.run || !visible || context.json ? context.emit : () => undefined;
    const result = await host.connection.request('demo.run', {}, { emit, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (signal.aborted || result === undefined) {
      return { ...result, exitCode: ExitCode.Cancelled, ok: false, code: 'cli/cancelled', message: 'cancelled' };
    }
    if (options.run) return { ...result, exitCode: result.ok ? ExitCode.Done : ExitCode.Failed };
    const end = result.ok ? 'is done' : `failed (${result.code ?? 'no code'})`;
    context.note(`The demo ${end}. The page stays open until Ctrl-C.`);
    await aborted(signal);
    return { exitCode: ExitCode.Done, ok: true };
  } finally {
    stopAnswering();
    await close();
  }
}

interface Screens {
  readonly server: PageServer;
  readonly host: Host;
  readonly close: () => Promise<void>;
}

async function openScreens(port: number, context: CommandContext): Promise<Screens> {
  const { host, close } = await openSomeHost(context);
  try {
    return { server: await host.openPage({ folder: PAGE_FOLDER, port }), host, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The host of this user; where its data folder cannot be had, one on a temporary folder. */
async function openSomeHost({ note, signal }: CommandContext): Promise<Omit<Screens, 'server'>> {
  try {
    const own = places(process.env, process.platform);
    const host = await openLastingHost({ places: own, clock: nodeClock, sendReports: true, note }, signal);
    return { host, close: () => host.close() };
  } catch (error) {
    if (!isPcAgentError(error, 'host') && !isPcAgentError(error, 'store')) throw error;
    note(`This window works on a temporary folder that is removed at its end: ${error.message}.`);
  }
  const home = await mkdtemp(join(tmpdir(), 'pc-agent-start-'));
  const remove = () => rm(home, { recursive: true, force: true });
  try {
    const own = places({ PC_AGENT_HOME: home }, process.platform);
    const host = await openHost({ places: own, clock: nodeClock, sendReports: true, stays: true, note });
    return { host, close: () => host.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Opens the browser where one can be seen. @returns whether the page is in front of a person. */
async function showPage(options: StartOptions, server: PageServer, context: CommandContext): Promise<boolean> {
  const { note, signal } = context;
  const visible = hasDisplay(process.platform, process.env);
  if (!options.open || !visible) {
    note(`${visible ? 'As asked, no browser is opened' : 'There is no display'}: open the address above in a browser.`);
    return visible;
  }
  note('The page opens in the default browser; this version has no window of its own.');
  // An address of its own: the printed one stays good for another browser.
  openBrowser(server.newAddress());
  // The run takes about a second, so it waits until there is somebody to see it.
  const limit = AbortSignal.timeout(VISIT_LIMIT);
  await server.visited(AbortSignal.any([signal, limit])).catch(() => signal.throwIfAborted());
  return true;
}

/** An address works once, so a person who needs another gets one by pressing Enter. */
function giveNewAddresses(server: PageServer, { note }: CommandContext): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => note(`New address: ${server.newAddress()}`));
  return () => lines.close();
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

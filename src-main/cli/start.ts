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
import { printDemo } from './demo-lines.ts';
import type { StartOptions } from './options.ts';
import { PAGE_FOLDER } from './page-folder.ts';
import { findShell, runShell } from './shell.ts';

/** How long the browser may take before the demo runs without it. */
const VISIT_LIMIT = seconds(10);

/** `npm start`: serves the page, runs the demo once so that the page shows it live, and stays until Ctrl-C. */
export async function run(options: StartOptions, context: CommandContext): Promise<CommandOutcome> {
  const { signal } = context;
  const { server, host, home, close } = await openScreens(options.port, context);
  const stopAnswering = giveNewAddresses(server, context);
  try {
    context.emit({ type: 'listening', address: server.newAddress(), pid: process.pid });
    const { visible, closed } = await showScreens(options, server, home, context);
    const told = options.run || !visible || context.json;
    const emit = told ? context.emit : () => undefined;
    const result = await host.connection.request('demo.run', {}, { emit, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (signal.aborted || result === undefined) {
      return { ...result, exitCode: ExitCode.Cancelled, ok: false, code: 'cli/cancelled', message: 'cancelled' };
    }
    if (told) await printDemo(result.handsets, context);
    if (options.run) return { ...result, exitCode: result.ok ? ExitCode.Done : ExitCode.Failed };
    const end = result.ok ? 'is done' : `failed (${result.code ?? 'no code'})`;
    context.note(`The demo ${end}. ${closed === undefined ? 'The page' : 'The window'} stays open until Ctrl-C.`);
    await Promise.race([aborted(signal), ...(closed === undefined ? [] : [closed])]);
    return { exitCode: ExitCode.Done, ok: true };
  } finally {
    stopAnswering();
    await close();
  }
}

interface Screens {
  readonly server: PageServer;
  readonly host: Host;
  /** The temporary folder that it works on; `undefined`: this user's. */
  readonly home?: string;
  readonly close: () => Promise<void>;
}

async function openScreens(port: number, context: CommandContext): Promise<Screens> {
  const some = await openSomeHost(context);
  try {
    return { ...some, server: await some.host.openPage({ folder: PAGE_FOLDER, port }) };
  } catch (error) {
    await some.close();
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
    return { host, home, close: () => host.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Shown {
  /** The screens are in front of a person. */
  readonly visible: boolean;
  /** Resolves when the person has closed the program's own window. */
  readonly closed?: Promise<void>;
}

/** Opens the program's own window where Electron is installed, else the browser, where either can be seen. */
async function showScreens(
  options: StartOptions,
  server: PageServer,
  home: string | undefined,
  context: CommandContext,
): Promise<Shown> {
  const { note, signal } = context;
  const visible = hasDisplay(process.platform, process.env);
  if (!options.open || !visible) {
    note(`${visible ? 'As asked, nothing is opened' : 'There is no display'}: open the address above in a browser.`);
    return { visible };
  }
  const shell = findShell();
  if (shell !== undefined) {
    note('The window opens in Electron.');
    const closed = runShell(shell, signal, home).catch((error: unknown) => {
      if (!isPcAgentError(error)) throw error;
      note(`${error.message}: the page opens in the default browser instead.`);
      openBrowser(server.newAddress());
      return aborted(signal);
    });
    return { visible, closed };
  }
  note('The page opens in the default browser; with Electron (npm run setup:electron) it is a window of its own.');
  // An address of its own: the printed one stays good for another browser.
  openBrowser(server.newAddress());
  // The run takes about a second, so it waits until there is somebody to see it.
  const limit = AbortSignal.timeout(VISIT_LIMIT);
  await server.visited(AbortSignal.any([signal, limit])).catch(() => signal.throwIfAborted());
  return { visible };
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

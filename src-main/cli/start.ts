import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import type { UntimedEvent } from '../contract/events.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import { type Host, openHost } from '../host/host.ts';
import { LiveFeed } from '../host/live-feed.ts';
import { hasDisplay, openBrowser } from '../host/page-browser.ts';
import { runDemoOnPage } from '../host/page-run.ts';
import { openPageServer, type PageServer } from '../host/page-server.ts';
import { places } from '../settings/places.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import type { StartOptions } from './options.ts';
import { PAGE_FOLDER } from './page-folder.ts';

/** How long the browser may take before the demo runs without it. */
const VISIT_LIMIT = seconds(10);

/** `npm start`: serves the page, runs the demo once so that the page shows it live, and stays until Ctrl-C. */
export async function run(options: StartOptions, context: CommandContext): Promise<CommandOutcome> {
  const { signal } = context;
  const { server, feed, close } = await openScreens(options.port, context.note);
  const stopAnswering = giveNewAddresses(server, context);
  try {
    context.emit({ type: 'listening', address: server.newAddress(), pid: process.pid });
    const visible = await showPage(options, server, context);
    const emit = options.run || !visible || context.json ? withoutPeers(context) : () => undefined;
    const result = await runDemoOnPage({ feed, handsets: 1, signal, emit });
    if (signal.aborted) {
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
  readonly feed: LiveFeed;
  readonly close: () => Promise<void>;
}

/** The host and its page; where the data folder cannot be had, a page for the demo alone, which needs none. */
async function openScreens(port: number, note: CommandContext['note']): Promise<Screens> {
  const page = { folder: PAGE_FOLDER, port };
  let host: Host;
  try {
    host = await openHost({ places: places(process.env, process.platform), clock: nodeClock, sendReports: true, note });
  } catch (error) {
    if (!isPcAgentError(error, 'host') && !isPcAgentError(error, 'store')) throw error;
    note(`The page shows the demo only: ${error.message}.`);
    const feed = new LiveFeed({ id: randomUUID() });
    const server = await openPageServer({ ...page, feed, clock: nodeClock });
    return { server, feed, close: () => server.close() };
  }
  try {
    return { server: await host.openPage(page), feed: host.feed, close: () => host.close() };
  } catch (error) {
    await host.close();
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

/** The events as text, without the addresses of the demo's peers: there is one line that says what is ready. */
function withoutPeers({ emit, json }: CommandContext): (event: UntimedEvent) => void {
  return (event) => {
    if (json || event.type !== 'listening') emit(event);
  };
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

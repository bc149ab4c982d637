import { milliseconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import { makePlaces, type Places, places } from '../settings/places.ts';
import type { HostConnection } from './connection.ts';
import { hostEndpoint } from './endpoint.ts';
import { connectLocal, type LocalConnection } from './local-client.ts';

export type { HostConnection } from './connection.ts';

export interface HostContext {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

export interface WithHostOptions {
  /** Default: those of the environment. */
  readonly places?: Places;
  /**
   * What to do when no host runs. `become` it for as long as `use` runs (default); `become-offline`: the same without
   * sending reports; `refuse`.
   */
  readonly absent?: 'become' | 'become-offline' | 'refuse';
}

/** Between two looks for a host that is about to leave or to come. */
const GLANCE = milliseconds(50);
/** After so many the person is told what is waited for. */
const GLANCES_IN_SILENCE = 40;

/**
 * Runs `use` with the host: the one that runs, else this process is the host meanwhile and stays until what other faces
 * asked of it is done. A host that is about to leave is waited for, and `use` is begun anew with the next, so it makes
 * one request, or only such as may be repeated.
 * @throws PcAgentError `host/contract` when the running host is of another version, `host/not-running`, `store/*`, and
 * what `use` throws; AbortError.
 */
export async function withHost<T>(
  context: HostContext,
  use: (host: HostConnection) => Promise<T>,
  options: WithHostOptions = {},
): Promise<T> {
  const own = options.places ?? places(process.env, process.platform);
  makePlaces(own);
  const endpoint = hostEndpoint(own.runtime);
  for (let glance = 0; ; glance += 1) {
    context.signal.throwIfAborted();
    const running = await connectLocal({ endpoint, face: 'cli', signal: context.signal });
    const attempt = running === undefined ? becoming(context, use, own, options) : using(running, use);
    const outcome = await attempt;
    if (outcome.kind === 'done') return outcome.value;
    if (glance === GLANCES_IN_SILENCE) context.note(`waiting for another PC Agent${outcome.who} to let go`);
    await nodeClock.sleep(GLANCE, context.signal);
  }
}

type Attempt<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'again'; readonly who: string };

async function using<T>(running: LocalConnection, use: (host: HostConnection) => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'done', value: await use(running) };
  } catch (error) {
    if (!isPcAgentError(error, 'host/leaving')) throw error;
    return { kind: 'again', who: ` (pid ${running.pid})` };
  } finally {
    running.close();
  }
}

async function becoming<T>(
  context: HostContext,
  use: (host: HostConnection) => Promise<T>,
  own: Places,
  { absent = 'become' }: WithHostOptions,
): Promise<Attempt<T>> {
  if (absent === 'refuse') {
    throw new PcAgentError('host/not-running', 'no PC Agent runs', { retry: 'after-operator' });
  }
  // Loaded here, so that a command that finds a host starts quickly.
  const { openHost } = await import('./host.ts');
  const { note, signal } = context;
  const sendReports = absent === 'become';
  const host = await openHost({ places: own, clock: nodeClock, sendReports, note }).catch((error: unknown) => {
    // Somebody was faster, or is about to leave: it listens in a moment, or is gone.
    if (isPcAgentError(error, 'host/running')) return error;
    throw error;
  });
  if (isPcAgentError(host)) {
    const { pid } = host.details;
    return { kind: 'again', who: typeof pid === 'number' ? ` (pid ${pid})` : '' };
  }
  try {
    return { kind: 'done', value: await use(host.connection) };
  } finally {
    await host.leave(signal).finally(() => host.close());
  }
}

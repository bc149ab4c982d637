/**
 * The measured process: `relay-http`, `relay-obex` or `forwarder`, alone in it, so that its CPU time is its own.
 * Asked over IPC it tells its figures. The relay's events go to a reader that counts them: writing them is the
 * command line's work, not the relay's. With `json` as the last argument they are written, to an output that drops them;
 * with `journal` every message goes into a journal.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { seconds } from '../../../src-main/base/durations.ts';
import { EventWriter } from '../../../src-main/cli/event-writer.ts';
import { run } from '../../../src-main/cli/peers/relay.ts';
import { startForwarder } from './forwarder.ts';
import { startJournalled } from './journalled-relay.ts';

export type TargetKind = 'relay-http' | 'relay-obex' | 'forwarder';
export type TargetRequest = 'start' | 'figures';

export interface Figures {
  /** Microseconds of user and system time since `start`. */
  readonly cpu: number;
  /** Milliseconds; the loop was late by so much. */
  readonly delayP50: number;
  readonly delayP99: number;
  /** Bytes after a collection. */
  readonly heap: number;
  readonly rss: number;
}

export type TargetMessage = { readonly address: string } | { readonly figures: Figures } | { readonly started: true };

const RESOLUTION = 10;

async function main(kind: TargetKind, dms: string): Promise<void> {
  const tell = (message: TargetMessage): void => void process.send?.(message);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  let since = process.cpuUsage();
  process.on('message', (request: TargetRequest) => {
    if (request === 'start') {
      globalThis.gc?.();
      delay.reset();
      delay.enable();
      since = process.cpuUsage();
      tell({ started: true });
      return;
    }
    const { user, system } = process.cpuUsage(since);
    const late = (percentile: number): number => Math.max(0, delay.percentile(percentile) / 1e6 - RESOLUTION);
    const [delayP50, delayP99] = [late(50), late(99)];
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    tell({ figures: { cpu: user + system, delayP50, delayP99, heap: heapUsed, rss } });
  });
  process.on('disconnect', () => process.exit(0));
  if (kind === 'forwarder') tell({ address: await startForwarder(dms) });
  else if (process.argv[4] === 'journal') {
    tell({ address: await startJournalled(kind === 'relay-http' ? 'http' : 'obex', dms) });
  } else await startRelay(kind, dms, tell);
}

async function startRelay(kind: TargetKind, dms: string, tell: (message: TargetMessage) => void): Promise<void> {
  let events = 0;
  process.on('exit', () => {
    if (events === 0) process.stderr.write('the relay told of nothing\n');
  });
  const output = { write: () => true };
  const writer = new EventWriter({
    json: true,
    unmask: false,
    virtual: true,
    document: false,
    secrets: [],
    output,
    errorOutput: process.stderr,
  });
  const listen = kind === 'relay-http' ? 'http://127.0.0.1:0/dm' : 'tcp:127.0.0.1:0';
  await run(
    { listen, dms, idle: seconds(120), allowOrigin: [] },
    {
      emit: (event) => {
        if (event.type === 'listening') tell({ address: event.address });
        if (event.type === 'error') process.stderr.write(`${event.code}: ${event.message}\n`);
        if (process.argv[4] === 'json') writer.emit(event);
        events += 1;
      },
      note: writer.note,
      print: () => undefined,
      signal: new AbortController().signal,
      json: true,
      unmask: false,
      resolvePath: (path) => path,
    },
  );
}

if (import.meta.main) await main(process.argv[2] as TargetKind, process.argv[3] ?? '');

import { openPtyPair } from '../../bearer/pty/pty-pair.ts';

export type DemoBearer = 'tcp' | 'serial';

/** Where a virtual handset of the demo is. */
export interface DemoPlace {
  /** For its `--listen`. */
  readonly listen: string;
  /** Where it is called, when that is not where it says that it listens. */
  readonly dial?: string;
  close(): Promise<void>;
}

/** A free port, or the two ends of a cable made of pseudo-terminals. @throws PcAgentError `bearer/unavailable` */
export async function demoPlace(bearer: DemoBearer, signal: AbortSignal): Promise<DemoPlace> {
  if (bearer === 'tcp') return { listen: 'tcp:127.0.0.1:0', close: async () => undefined };
  const pair = await openPtyPair(signal);
  return { listen: `serial:${pair.far}`, dial: `serial:${pair.near}`, close: () => pair.close() };
}

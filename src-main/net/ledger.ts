import { PcAgentError } from '../base/errors.ts';

/** One outgoing exchange, whether it succeeded or not. */
export interface LedgerEntry {
  readonly host: string;
  readonly port: number;
  /** What it was for, in one word of the product: `dm-session`, `job`, `trigger`, `fetch`. */
  readonly purpose: string;
  /** Bytes on the socket, HTTP headers included. */
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Who wanted it: a command, a session, an operator. */
  readonly initiator: string;
  /** ISO 8601, when it began. */
  readonly at: string;
}

/** The network ledger and the offline switch: no outgoing connection but a bearer's goes past it. */
export interface Ledger {
  readonly offline: boolean;
  record(entry: LedgerEntry): void;
}

export interface MemoryLedger extends Ledger {
  /** Oldest first. */
  entries(): readonly LedgerEntry[];
  setOffline(offline: boolean): void;
}

/** Keeps the last `capacity` entries (default 1,000), so that a process that runs for weeks stays small. */
export function createMemoryLedger(
  options: {
    readonly capacity?: number;
    readonly offline?: boolean;
    /** Told of every entry after it was kept. */
    readonly onRecord?: (entry: LedgerEntry) => void;
  } = {},
): MemoryLedger {
  const capacity = options.capacity ?? 1000;
  /** A ring once it is full: `oldest` is where the next entry goes. */
  const kept: LedgerEntry[] = [];
  let oldest = 0;
  let offline = options.offline ?? false;
  return {
    get offline() {
      return offline;
    },
    record(entry) {
      if (kept.length < capacity) kept.push(entry);
      else if (capacity > 0) {
        kept[oldest] = entry;
        oldest = (oldest + 1) % capacity;
      }
      options.onRecord?.(entry);
    },
    entries: () => [...kept.slice(oldest), ...kept.slice(0, oldest)],
    setOffline(next) {
      offline = next;
    },
  };
}

/** @throws PcAgentError `net/offline` when the switch is on: called before a name is looked up. */
export function assertOnline(ledger: Ledger, host: string): void {
  if (!ledger.offline) return;
  throw new PcAgentError('net/offline', `offline: no connection to ${host} was opened`, {
    retry: 'after-operator',
    details: { host },
  });
}

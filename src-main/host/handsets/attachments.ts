import { seconds } from '../../base/durations.ts';
import type { ListSerialPorts, SerialPortRow } from '../../bearer/serial/port-list.ts';
import type { Attachment } from '../../contract/handsets.ts';
import type { HostChange } from '../../contract/host-state.ts';
import { addressOf } from './presence-look.ts';

export interface AttachmentsOptions {
  readonly listPorts: ListSerialPorts;
  /** Addresses of the handsets that are known. */
  readonly knownAddresses: () => readonly (string | undefined)[];
  readonly now: () => Date;
  readonly changed: (change: HostChange) => void;
}

/** How long the machine may take to list its ports. */
const LIST_LIMIT = seconds(5);
/** A machine that cannot list its ports is not asked every two seconds, in milliseconds. */
const AFTER_FAILURE = 60_000;

/** Ports with something attached of which it is not known whose it is. */
export class Attachments {
  readonly #options: AttachmentsOptions;
  readonly #rows = new Map<string, Attachment>();
  #ports: readonly SerialPortRow[] = [];
  #notBefore = 0;

  constructor(options: AttachmentsOptions) {
    this.#options = options;
  }

  get list(): readonly Attachment[] {
    return [...this.#rows.values()];
  }

  /** Looks what is attached. A machine that does not tell has nothing, and says nothing. */
  async look(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#notBefore) return;
    try {
      const ports = await limited(this.#options.listPorts(), signal);
      if (signal.aborted) return;
      this.#ports = ports;
    } catch {
      if (signal.aborted) return;
      this.#notBefore = performance.now() + AFTER_FAILURE;
      this.#ports = [];
    }
    this.refresh();
  }

  /** What was found last, against the handsets that are known now. */
  refresh(): void {
    const { knownAddresses, changed, now } = this.#options;
    const known = new Set(knownAddresses().map(serialPathOf));
    const found = this.#ports.filter(({ path }) => !known.has(path));
    const addresses = new Set(found.map(({ path }) => `serial:${path}`));
    for (const address of [...this.#rows.keys()]) {
      if (addresses.has(address)) continue;
      this.#rows.delete(address);
      changed({ kind: 'attachment-gone', address });
    }
    for (const port of found) {
      const address = `serial:${port.path}`;
      const before = this.#rows.get(address);
      if (before !== undefined && before.name === port.name && before.reason === port.reason) continue;
      const attachment: Attachment = {
        ...{ address, kind: 'serial', since: before?.since ?? now().toISOString() },
        ...(port.name === undefined ? {} : { name: port.name }),
        ...(port.reason === undefined ? {} : { reason: port.reason }),
      };
      this.#rows.set(address, attachment);
      changed({ kind: 'attachment', attachment });
    }
  }
}

function serialPathOf(text: string | undefined): string | undefined {
  const address = addressOf(text);
  return address?.kind === 'serial' ? address.path : undefined;
}

/** The list, unless it takes too long or nobody wants it any more. */
function limited<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('the ports were not listed in time'));
    const timer = setTimeout(fail, LIST_LIMIT).unref();
    signal.addEventListener('abort', fail, { once: true });
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', fail);
    });
  });
}

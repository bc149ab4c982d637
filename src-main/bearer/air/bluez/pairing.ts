import { seconds } from '../../../base/durations.ts';
import { PcAgentError } from '../../../base/errors.ts';
import type { AirPhone, AskPairing } from '../air.ts';
import type { PairingAgent, Refusal } from './agent.ts';
import { airError, busErrorName, unknownPhone } from './errors.ts';
import type { BluezLink } from './link.ts';
import { DEVICE, type DeviceObject } from './objects.ts';
import { phoneView } from './view.ts';

/** Questions, keys and the phone's records together. */
const PAIR_LIMIT = seconds(120);
/** The signal has it. */
const NO_LIMIT = seconds(0);
/** To say that it is broken off. */
const CANCEL_LIMIT = seconds(3);

const CODES: Readonly<Record<Refusal, string>> = {
  refused: 'air/pairing-refused',
  cancelled: 'air/pairing-cancelled',
  timeout: 'air/pairing-timeout',
};

/** One pairing with a device, from the call to the answer of the service. */
export class Pairing {
  readonly #link: BluezLink;
  readonly #agent: PairingAgent;
  readonly #throwIfUnusable: () => void;
  /** Paths of devices that are being paired. */
  readonly #underWay = new Set<string>();

  /** @param throwIfUnusable why nothing can be done over the air any more. */
  constructor(link: BluezLink, agent: PairingAgent, throwIfUnusable: () => void) {
    this.#link = link;
    this.#agent = agent;
    this.#throwIfUnusable = throwIfUnusable;
  }

  /** @throws PcAgentError `air/*`; the signal's reason */
  async run(device: DeviceObject, ask: AskPairing, signal: AbortSignal): Promise<void> {
    const { path, address } = device;
    if (this.#underWay.has(path)) {
      throw new PcAgentError('air/busy', `${address} is being paired`, { retry: 'later' });
    }
    this.#underWay.add(path);
    const gone = this.#goneSignal(path);
    try {
      await this.#pair(device, ask, { signal, gone: gone.signal });
    } finally {
      gone.end();
      this.#underWay.delete(path);
    }
  }

  async #pair(
    { path, address }: DeviceObject,
    ask: AskPairing,
    { signal, gone }: { readonly signal: AbortSignal; readonly gone: AbortSignal },
  ): Promise<void> {
    const late = AbortSignal.timeout(PAIR_LIMIT);
    const stop = new AbortController();
    const done = new AbortController();
    const over = AbortSignal.any([signal, gone, late, stop.signal, this.#link.ended]);
    let refused: Refusal | undefined;
    const throwIfOver = (): void => {
      signal.throwIfAborted();
      this.#throwIfUnusable();
      if (gone.aborted) throw unknownPhone(address);
    };
    const end = await this.#attend(path, {
      ask,
      signal: AbortSignal.any([over, done.signal]),
      onRefused: (how) => {
        refused = how;
      },
      cancel: () => {
        refused = 'cancelled';
        stop.abort();
      },
      throwIfOver,
    });
    try {
      await this.#link.call(path, DEVICE, 'Pair', {}, { signal: over, limit: NO_LIMIT });
    } catch (error) {
      if (over.aborted) await this.#cancel(path);
      signal.throwIfAborted();
      if (busErrorName(error) === 'org.bluez.Error.AlreadyExists') return;
      this.#throwIfUnusable();
      if (gone.aborted) throw unknownPhone(address);
      throw pairingError(error, late.aborted ? 'timeout' : refused);
    } finally {
      done.abort();
      await end();
    }
  }

  async #attend(
    path: string,
    asked: {
      readonly ask: AskPairing;
      readonly signal: AbortSignal;
      readonly onRefused: (how: Refusal) => void;
      readonly cancel: () => void;
      readonly throwIfOver: () => void;
    },
  ): Promise<() => Promise<void>> {
    try {
      return await this.#agent.attend(path, { ...asked, phone: (at) => phoneAt(this.#link, at) });
    } catch (error) {
      asked.throwIfOver();
      throw airError(error, 'nobody could be asked about the pairing');
    }
  }

  async #cancel(path: string): Promise<void> {
    await this.#link.call(path, DEVICE, 'CancelPairing', {}, { limit: CANCEL_LIMIT }).catch(() => undefined);
  }

  /** Aborted when the device is not known any more: its adapter was pulled out, or the service has ended. */
  #goneSignal(path: string): { readonly signal: AbortSignal; readonly end: () => void } {
    const gone = new AbortController();
    const ended = new AbortController();
    const { changes, objects } = this.#link;
    const watch = async (): Promise<void> => {
      while (objects.deviceAt(path) !== undefined) await changes.next(ended.signal);
      gone.abort();
    };
    watch().catch(() => undefined);
    return { signal: gone.signal, end: () => ended.abort() };
  }
}

/** A device as faces see it. */
export function phoneAt({ objects }: Pick<BluezLink, 'objects'>, path: string): AirPhone | undefined {
  const device = objects.deviceAt(path);
  return device === undefined ? undefined : phoneView(device);
}

function pairingError(error: unknown, how: Refusal | undefined): PcAgentError {
  if (how === undefined) return airError(error, 'the phone could not be paired');
  return new PcAgentError(CODES[how], 'the phone was not paired', { cause: error, retry: 'after-operator' });
}

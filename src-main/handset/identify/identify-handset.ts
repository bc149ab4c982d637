import type { ByteStream } from '../../base/byte-stream.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { assertNever, isAbort, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { withinLimit } from '../../base/node/within-limit.ts';
import type { Bearers } from '../../bearer/bearers.ts';
import type { BluetoothServiceKind } from '../../bearer/bluetooth/rfcomm-host.ts';
import type { AttachedFunction, AttachedReason, AttachedThing } from '../../bearer/discovery.ts';
import { askByAt } from './ask-by-at.ts';
import { askCapability, askForDm } from './ask-by-obex.ts';
import { type HandsetFacts, joinFacts, knownFacts, numberFacts } from './facts.ts';
import type { Identity } from './identity.ts';

export interface IdentifyContext {
  readonly bearers: Pick<Bearers, 'for' | 'rfcomm'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** All questions to one thing, on all of its functions. */
const TOTAL: Duration = seconds(10);

const REASONS: readonly AttachedReason[] = [
  'bearer/permission-denied',
  'bearer/busy',
  'bearer/modem-manager',
  'bearer/driver-missing',
  'bearer/no-obex',
  'bearer/unusable',
];

/**
 * Asks an attached thing who it is: by AT commands on a serial port, by OBEX elsewhere, and what its plug says; over the air
 * also what its service records say. The first function that can be used is asked first, others for what is still missing.
 * Takes ten seconds at most; what is known by then is the answer. Never fails because of the handset.
 * @throws AbortError.
 */
export async function identifyHandset(thing: AttachedThing, context: IdentifyContext): Promise<Identity> {
  const { clock, signal } = context;
  signal.throwIfAborted();
  return withinLimit(TOTAL, { clock, signal }, async (limited) => {
    const asking = new Asking({ ...context, signal: limited });
    const asked = new Set<string>();
    for (const way of thing.functions) {
      // A phone with several OBEX functions has one address: which of them is dialled is the same each time.
      if (asked.has(way.address)) continue;
      if (way.reason !== undefined || !asking.wants(way)) continue;
      asked.add(way.address);
      await asking.ask(way);
      signal.throwIfAborted();
    }
    return identityOf(thing, asking);
  });
}

class Asking {
  readonly #context: IdentifyContext;
  facts: HandsetFacts = {};
  /** The first way on which something was learnt. */
  via: string | undefined;
  /** Why the first way that was broken off was. */
  reason: AttachedReason | undefined;

  constructor(context: IdentifyContext) {
    this.#context = context;
  }

  /** Whether this way may tell more than is known. */
  wants({ kind }: AttachedFunction): boolean {
    if (this.#context.signal.aborted) return false;
    const { imei, manufacturer, model, firmware, speaksDm } = this.facts;
    const known = [imei, manufacturer, model, firmware].every((fact) => fact !== undefined);
    return !known || (kind !== 'serial' && speaksDm !== true);
  }

  async ask(way: AttachedFunction): Promise<void> {
    try {
      await this.#askOver(way);
    } catch (error) {
      if (!isAbort(error) && !isPcAgentError(error)) throw error;
      this.reason ??= reasonOf(error, way);
    }
  }

  #askOver(way: AttachedFunction): Promise<void> {
    switch (way.kind) {
      case 'serial':
        return this.#askByAt(way);
      case 'usb':
        return this.#askByObex(way);
      case 'bluetooth':
        return this.#askOverAir(way);
      default:
        return assertNever(way.kind);
    }
  }

  /** Its records tell whether it speaks device management; the rest says its file transfer, or what else is OBEX. */
  async #askOverAir(way: AttachedFunction): Promise<void> {
    const { bearers, signal } = this.#context;
    const bearer = bearers.for('bluetooth');
    const { text } = bearer.parse(way.address);
    const services = await bearers.rfcomm.services(text.replace(/^bluetooth:|@\d+$/g, ''), signal);
    const learn = (facts: HandsetFacts): void => this.#learn(way, facts);
    learn({ speaksDm: services.some(({ kind }) => kind === 'syncml-dm-client') });
    const of = (wanted: BluetoothServiceKind) => services.find(({ kind }) => kind === wanted);
    const obex = of('obex-file-transfer') ?? of('obex-push') ?? of('syncml-dm-client');
    if (obex === undefined) {
      throw new PcAgentError('bearer/no-obex', 'the handset offers nothing that this program can speak with');
    }
    const stream = await bearer.dial(bearer.parse(`${text.replace(/@\d+$/, '')}@${obex.channel}`), { signal });
    try {
      await askCapability(stream, { signal, learn });
    } finally {
      await stream.close();
    }
  }

  async #askByAt(way: AttachedFunction): Promise<void> {
    const { clock, signal } = this.#context;
    const stream = await this.#dial(way);
    try {
      await askByAt(stream, { clock, signal, learn: (facts) => this.#learn(way, facts) });
    } finally {
      await stream.close();
    }
  }

  async #askByObex(way: AttachedFunction): Promise<void> {
    const options = {
      signal: this.#context.signal,
      learn: (facts: HandsetFacts) => this.#learn(way, facts),
    };
    let stream = await this.#dial(way);
    try {
      await askCapability(stream, options);
      await askForDm(stream, options);
    } catch (error) {
      // Some end the link with each connection, and some are deaf to one without a Target.
      if (!isPcAgentError(error, 'bearer/lost') && !isPcAgentError(error, 'obex/timeout')) throw error;
      await stream.close();
      stream = await this.#dial(way);
      await askForDm(stream, options);
    } finally {
      await stream.close();
    }
  }

  #dial({ kind, address }: AttachedFunction): Promise<ByteStream> {
    const bearer = this.#context.bearers.for(kind);
    return bearer.dial(bearer.parse(address), { signal: this.#context.signal });
  }

  #learn(way: AttachedFunction, facts: HandsetFacts): void {
    this.via ??= way.address;
    this.facts = joinFacts(this.facts, facts);
  }
}

function reasonOf(error: unknown, { kind }: AttachedFunction): AttachedReason {
  const code = isPcAgentError(error) ? error.code : '';
  // Nobody there who would speak OBEX; at a serial port there may be anything.
  if (kind !== 'serial' && code.startsWith('obex/')) return 'bearer/no-obex';
  return REASONS.find((reason) => reason === code) ?? 'bearer/unusable';
}

function identityOf(thing: AttachedThing, { facts: said, via, reason: broken }: Asking): Identity {
  const plug = knownFacts({ manufacturer: thing.manufacturer, model: thing.product, firmware: undefined });
  const { imei, ...facts } = joinFacts(joinFacts(said, numberFacts(thing.serial)), plug);
  const [first] = thing.functions;
  const reason = said.imei === undefined ? (broken ?? thing.reason ?? first?.reason) : undefined;
  return {
    ...facts,
    ...(imei === undefined ? { strong: false } : { device: `IMEI:${imei}`, strong: true }),
    via: via ?? thing.functions.find((way) => way.reason === undefined)?.address ?? first?.address ?? thing.id,
    ...(reason === undefined ? {} : { reason }),
  };
}

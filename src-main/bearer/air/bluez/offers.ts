import { isAbort } from '../../../base/errors.ts';
import type { AirOffer, AirReason, ServiceRecord } from '../air.ts';
import { BLUEZ_PATH } from './bus.ts';
import { isAccessDenied } from './errors.ts';
import type { BluezLink } from './link.ts';
import { recordXml } from './record-xml.ts';

const PROFILE_MANAGER = 'org.bluez.ProfileManager1';

interface Offer extends AirOffer {
  readonly path: string;
  readonly record: ServiceRecord;
  readonly onChange: ((offer: AirOffer) => void) | undefined;
  reason: AirOffer['reason'];
  /** Run of the service that has it; 0: none. */
  run: number;
  /** Run that has refused it. */
  refusedBy: number;
  closed: boolean;
}

interface OfferEvents {
  readonly onChange: ((offer: AirOffer) => void) | undefined;
  readonly onClose: () => void;
}

/**
 * Records that the service publishes for us. It is told our own channel in the record and none of its own: so it only
 * publishes, and does not listen there itself (BlueZ doc, org.bluez.ProfileManager: `ServiceRecord`, `Channel`).
 */
export class Offers {
  readonly #link: BluezLink;
  readonly #reason: () => AirReason | undefined;
  readonly #offers = new Set<Offer>();
  #count = 0;
  #work: Promise<void> = Promise.resolve();

  /** @param reason why nothing can be published now. */
  constructor(link: BluezLink, reason: () => AirReason | undefined) {
    this.#link = link;
    this.#reason = reason;
  }

  /** `settled` resolves when it is published, or is known not to be. */
  add(
    record: ServiceRecord,
    { onChange, onClose }: OfferEvents,
  ): { readonly offer: AirOffer; readonly settled: Promise<void> } {
    this.#count += 1;
    const offer: Offer = {
      ...{ record, onChange },
      path: `/org/pc_agent/profile${this.#count}`,
      reason: 'air/no-service',
      run: 0,
      refusedBy: 0,
      closed: false,
      close: async () => {
        if (!offer.closed) onClose();
        offer.closed = true;
        await this.settle();
      },
    };
    this.#offers.add(offer);
    return { offer, settled: this.settle() };
  }

  /** Publishes what is not published, and takes back what is no more wanted. */
  settle(): Promise<void> {
    this.#work = this.#work.then(async () => {
      for (const offer of this.#offers) await (offer.closed ? this.#takeBack(offer) : this.#publish(offer));
    });
    return this.#work;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#offers].map((offer) => offer.close()));
  }

  async #publish(offer: Offer): Promise<void> {
    const { run } = this.#link;
    if (run === 0) {
      offer.run = 0;
      tell(offer, this.#reason() ?? 'air/no-service');
      return;
    }
    if (offer.run !== run && offer.refusedBy !== run) await this.#register(offer, run);
    if (offer.run !== run) return;
    // The service keeps it for adapters that come.
    tell(offer, this.#reason());
  }

  async #register(offer: Offer, run: number): Promise<void> {
    const { uuid, name } = offer.record;
    const text = (value: string): unknown => this.#link.variant('s', value);
    const no = this.#link.variant('b', false);
    const options = {
      Name: text(name),
      Role: text('server'),
      ServiceRecord: text(recordXml(offer.record)),
      // Who connects is asked by us, on a socket of ours.
      RequireAuthentication: no,
      RequireAuthorization: no,
      AutoConnect: no,
    };
    try {
      const body = [offer.path, uuid, options];
      await this.#link.call(BLUEZ_PATH, PROFILE_MANAGER, 'RegisterProfile', { signature: 'osa{sv}', body });
      offer.run = run;
    } catch (error) {
      if (isAbort(error) || this.#link.run !== run) return;
      offer.refusedBy = run;
      tell(offer, isAccessDenied(error) ? 'air/permission-denied' : 'air/record-refused');
    }
  }

  async #takeBack(offer: Offer): Promise<void> {
    this.#offers.delete(offer);
    const { run } = this.#link;
    // One that was not confirmed in time was perhaps published all the same.
    if (run === 0 || (offer.run !== run && offer.refusedBy !== run)) return;
    const body = { signature: 'o', body: [offer.path] };
    await this.#link.call(BLUEZ_PATH, PROFILE_MANAGER, 'UnregisterProfile', body).catch(() => undefined);
  }
}

function tell(offer: Offer, reason: AirOffer['reason']): void {
  if (offer.reason === reason) return;
  offer.reason = reason;
  offer.onChange?.(offer);
}

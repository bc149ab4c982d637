import type { IncomingMessage, ServerResponse } from 'node:http';
import { PcAgentError } from '../../base/errors.ts';
import { nodeRandom } from '../../base/node/digest.ts';
import { isFromPage } from '../../net/from-page.ts';
import { beginAnswer, endAnswer, type PackageOffer, packageOffer, type ServedPackage } from '../package-offer.ts';
import type { PackageServer } from '../package-server.ts';

/** With which the paths of packages begin. */
export const SHELF = '/packages';

/** Packages that handsets with a network link to this computer may download now, each for one of them. */
export class PackageShelf {
  readonly #offers = new Set<PackageOffer>();
  #origin: string | undefined;

  /** Where handsets reach it; absent while the way in is shut. */
  set origin(origin: string | undefined) {
    this.#origin = origin;
  }

  /** @throws PcAgentError `listening/network-off` */
  assertOpen(): void {
    if (this.#origin === undefined) throw networkOff();
  }

  /** As `openPackageServer`, on the way in for handsets. @throws PcAgentError `listening/network-off` */
  offer(served: ServedPackage): PackageServer {
    const origin = this.#origin;
    if (origin === undefined) throw networkOff();
    const offer = packageOffer(served, nodeRandom, SHELF);
    this.#offers.add(offer);
    return {
      descriptor: origin + offer.descriptor,
      object: origin + offer.object,
      notified: offer.notified,
      close: async () => void this.#offers.delete(offer),
    };
  }

  /** Answers a request for anything but a DM session. @returns whether there is something at its path */
  readonly handle = (request: IncomingMessage, answer: ServerResponse): boolean => {
    const path = request.url?.split('?')[0] ?? '';
    // No page of a browser has any business here.
    const offer = isFromPage(request) ? undefined : [...this.#offers].find((each) => each.covers(path));
    beginAnswer(answer);
    if (offer === undefined) endAnswer(answer, 404);
    else offer.handle(request, answer, this.#origin ?? '').catch(() => answer.destroy());
    return offer !== undefined;
  };
}

function networkOff(): PcAgentError {
  return new PcAgentError('listening/network-off', 'the way in for handsets with a network link is not open', {
    retry: 'after-operator',
  });
}

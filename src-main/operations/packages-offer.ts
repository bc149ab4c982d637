import { randomUUID } from 'node:crypto';
import { milliseconds, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { nodeRandom } from '../base/node/digest.ts';
import type { ParamsOf, PartOf, ResultOf } from '../contract/requests.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import type { Engine, WorkContext } from './engine.ts';
import type { ResumedDownload } from './package-offer.ts';
import { openPackageServer } from './package-server.ts';
import { servedPackage } from './served-package.ts';
import { packageView } from './views.ts';

const PROGRESS_EVERY = milliseconds(250);
const DEFAULT_MINUTES = 60;

interface OfferContext extends Pick<WorkContext, 'emit' | 'signal'> {
  readonly part?: (part: PartOf<'packages.offer'>) => Promise<void>;
}

/**
 * Offers one package of the cache to one handset, by download descriptor or by its plain address, until the handset's
 * installation notification has come. The `listening` event has the address of the descriptor; `part` is told it too.
 * @throws PcAgentError `cache/absent`, `/quarantined`, `/unverified`, `/digest-mismatch`, `dlota/offer-expired`,
 * `listening/network-off`
 */
export async function offerPackage(
  { cache, clock, shelf }: Pick<Engine, 'cache' | 'clock' | 'shelf'>,
  { id, allowUnverified = false, minutes = DEFAULT_MINUTES, network = false }: ParamsOf<'packages.offer'>,
  { emit, signal, part }: OfferContext,
): Promise<ResultOf<'packages.offer'>> {
  const found = usablePackage(cache.show(id), { id, allowUnverified });
  const packaged = await servedPackage(cache, found, signal);
  const { size } = packaged.content;
  const job = `offer-${randomUUID()}`;
  let told = Number.NEGATIVE_INFINITY;
  const served = {
    ...packaged,
    onSent(done: number) {
      const now = clock.monotonic();
      if (done < size && now - told < PROGRESS_EVERY) return;
      told = now;
      emit({ type: 'progress', job, done, total: size });
    },
    onResumed({ from, over, kept }: ResumedDownload) {
      const ways = { from: `http://${from}`, over: `http://${over}` };
      emit({ type: 'continuation', code: 'bearer/lost', ...ways, how: 'resumed', kept, job });
    },
  };
  const server = network ? shelf.offer(served) : await openPackageServer(served, nodeRandom);
  const over = new AbortController();
  try {
    emit({ type: 'listening', address: server.descriptor, object: server.object, pid: process.pid });
    await part?.({ descriptor: server.descriptor, object: server.object, type: served.type });
    const expired = clock.sleep(seconds(minutes * 60), AbortSignal.any([signal, over.signal]));
    const said = await Promise.race([server.notified, expired]);
    if (said === undefined) {
      throw new PcAgentError('dlota/offer-expired', 'no handset said in time that it has the package', {
        retry: 'later',
      });
    }
    const { code, text, success } = said;
    return { package: packageView(found), notification: { code, text, success } };
  } finally {
    over.abort();
    await server.close();
  }
}

import { randomUUID } from 'node:crypto';
import { milliseconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import { describedPackage, isDescriptorAddress } from './described-package.ts';
import type { Engine, WorkContext } from './engine.ts';
import { packageView } from './views.ts';

/** Between two `progress` events. */
const PROGRESS_EVERY = milliseconds(250);

/**
 * Fetches a package into the cache, by its own address or that of its download descriptor. Without digest and manifest
 * nobody vouches for it.
 * @throws PcAgentError `cache/*`, `dlota/*`, `net/*`
 */
export async function fetchPackage(
  engine: Engine,
  params: ParamsOf<'packages.fetch'>,
  { emit, signal }: WorkContext,
): Promise<ResultOf<'packages.fetch'>> {
  const { cache, changed, clock } = engine;
  const { url, sha256, manifest, ...meta } = params;
  const job = `fetch-${randomUUID()}`;
  let told = Number.NEGATIVE_INFINITY;
  const address = webAddress(url);
  const described = isDescriptorAddress(address) ? await describedPackage(engine, address, signal) : undefined;
  const fetched = await cache.fetch(described?.url ?? address, {
    sha256: sha256 ?? described?.sha256,
    size: described?.size,
    name: described?.name,
    version: described?.version,
    manifest: manifest === undefined ? undefined : webAddress(manifest),
    ...meta,
    signal,
    onProgress(done, total) {
      if (total === undefined) return;
      const now = clock.monotonic();
      if (done < total && now - told < PROGRESS_EVERY) return;
      told = now;
      emit({ type: 'progress', job, done, total, fetched: true });
    },
  });
  const view = packageView(fetched);
  changed({ kind: 'package', package: view });
  return { package: view };
}

function webAddress(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new PcAgentError('net/url-invalid', 'the address of a package is http://HOST:PORT/PATH or https');
}

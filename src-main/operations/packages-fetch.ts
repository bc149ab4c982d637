import { randomUUID } from 'node:crypto';
import { milliseconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Engine, WorkContext } from './engine.ts';
import { packageView } from './views.ts';

/** Between two `progress` events. */
const PROGRESS_EVERY = milliseconds(250);

/** Fetches a package into the cache. Without digest and manifest nobody vouches for it. @throws PcAgentError */
export async function fetchPackage(
  { cache, changed, clock }: Engine,
  params: ParamsOf<'packages.fetch'>,
  { emit, signal }: WorkContext,
): Promise<ResultOf<'packages.fetch'>> {
  const { url, sha256, manifest, ...meta } = params;
  const job = `fetch-${randomUUID()}`;
  let told = Number.NEGATIVE_INFINITY;
  const fetched = await cache.fetch(webAddress(url), {
    sha256,
    manifest: manifest === undefined ? undefined : webAddress(manifest),
    ...meta,
    signal,
    onProgress(done, total) {
      if (total === undefined) return;
      const now = clock.monotonic();
      if (done < total && now - told < PROGRESS_EVERY) return;
      told = now;
      emit({ type: 'progress', job, done, total });
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

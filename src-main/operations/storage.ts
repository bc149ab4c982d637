import type { ResultOf } from '../contract/requests.ts';
import type { Engine } from './engine.ts';

/** The disk that holds the packages. @throws PcAgentError `cache/unreadable` */
export function hostStorage({ cache }: Pick<Engine, 'cache'>): Promise<ResultOf<'host.storage'>> {
  return cache.storage();
}

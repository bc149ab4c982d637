import type { ResultOf } from '../contract/requests.ts';
import type { Engine } from './engine.ts';
import { handsetView } from './views.ts';

/** The handsets that were met, last seen first. */
export function listHandsets({ handsets }: Engine): ResultOf<'handsets.list'> {
  return { handsets: handsets.list().map(handsetView) };
}

import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { loadLaterWords } from '../language/language-choice.ts';

/** A screen or dialog that is loaded when it is wanted, and its words with it. */
export function laterScreen<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    const [component] = await Promise.all([load(), loadLaterWords()]);
    return { default: component };
  });
}

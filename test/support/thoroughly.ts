import { it } from 'vitest';
import { CONTINUOUS } from './thoroughness.ts';

/** A test that only a thorough run has: others show its parts, or the same in another place. */
export const thoroughly: (name: string, body: () => Promise<void>) => void = CONTINUOUS ? it : () => undefined;

import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import type { Language } from '../../../src-main/wording/language.ts';

type Holder = KnownHandset['bearers'][number]['holder'];

/** Why something cannot be used and what to do: by which program it is held, where that is known. */
export function unusableText(
  reason: string,
  holder: Holder,
  { held, heldNext }: Pick<Catalogue['screens']['handsets'], 'held' | 'heldNext'>,
  language: Language,
): { readonly what: string; readonly next: string } {
  if (reason !== 'bearer/busy' || holder === undefined) return errorText(reason, language);
  return { what: held(holder.name, holder.pid), next: heldNext };
}

import { CircleCheck, Minus, PencilLine, Plus } from 'lucide-react';
import type { InventoryDifference } from '../../../src-main/contract/software-views.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { isUnchanged } from '../handsets/outcome.ts';

/** What of the inventory is another afterwards, in words; or that nothing is. */
export function DifferenceList({ difference }: { readonly difference: InventoryDifference }) {
  const speech = useSpeech().words.screens.software.difference;
  const { added, removed, changed } = difference;
  if (isUnchanged(difference)) {
    return (
      <p className="software-difference-none">
        <CircleCheck aria-hidden="true" />
        {speech.nothing}
      </p>
    );
  }
  return (
    <section className="software-difference" aria-label={speech.title}>
      <h3>{speech.title}</h3>
      <ul>
        {added.map(({ id, version, state }) => (
          <li key={`+${id}`}>
            <Plus aria-hidden="true" />
            <span>{speech.added(id, version, stateWord(state, speech.values.state))}</span>
          </li>
        ))}
        {removed.map(({ id, version }) => (
          <li key={`-${id}`}>
            <Minus aria-hidden="true" />
            <span>{speech.removed(id, version)}</span>
          </li>
        ))}
        {changed.map(({ id, field, before, after }) => (
          <li key={`${id} ${field}`}>
            <PencilLine aria-hidden="true" />
            <span>
              {speech.changed(
                id,
                wordOf(speech.fields, field) ?? field,
                valueText(field, before, speech.values),
                valueText(field, after, speech.values),
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ValueWords {
  readonly none: string;
  readonly state: Readonly<Record<string, string>>;
  readonly status: Readonly<Record<string, string>>;
}

function valueText(field: string, value: string | number | undefined, words: ValueWords): string {
  if (value === undefined || value === '') return words.none;
  const text = String(value);
  if (field === 'state') return stateWord(text, words.state);
  return field === 'status' ? (wordOf(words.status, text) ?? text) : text;
}

function stateWord(state: string, words: Readonly<Record<string, string>>): string {
  return wordOf(words, state) ?? state;
}

function wordOf(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

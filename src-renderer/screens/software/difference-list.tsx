import { CircleCheck, Ellipsis, Minus, PencilLine, Plus } from 'lucide-react';
import type { ComponentView } from '../../../src-main/contract/results.ts';
import type { InventoryDifference } from '../../../src-main/contract/software-views.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { isUnchanged } from '../handsets/outcome.ts';
import { componentName } from './reading.ts';

/** The host tells of the firmware as of a component of this id. */
const FIRMWARE = 'firmware';

interface DifferenceListProps {
  readonly difference: InventoryDifference;
  /** What is known to be there, for the names of what changed. */
  readonly components?: readonly ComponentView[] | undefined;
}

/** What of the inventory is another afterwards, in words; or that nothing is. */
export function DifferenceList({ difference, components = [] }: DifferenceListProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.software.difference;
  const { added, removed, changed } = difference;
  const named = ({ id }: { readonly id: string }) =>
    id === FIRMWARE ? speech.firmware : componentName([...components, ...added, ...removed], id);
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
        {added.map((each) => (
          <li key={`+${each.id}`}>
            <Plus aria-hidden="true" />
            <span>{speech.added(named(each), each.version, stateWord(each.state, speech.values.state))}</span>
          </li>
        ))}
        {removed.map((each) => (
          <li key={`-${each.id}`}>
            <Minus aria-hidden="true" />
            <span>{speech.removed(named(each), each.version)}</span>
          </li>
        ))}
        {changed.map(({ id, field, before, after }) => (
          <li key={`${id} ${field}`}>
            <PencilLine aria-hidden="true" />
            <span>
              {speech.changed(
                named({ id }),
                wordOf(speech.fields, field) ?? field,
                valueText(id, field, before, speech.values),
                valueText(id, field, after, speech.values),
              )}
            </span>
          </li>
        ))}
        {difference.more !== undefined && difference.more > 0 && (
          <li>
            <Ellipsis aria-hidden="true" />
            <span>{speech.more(difference.more, countText(difference.more, language))}</span>
          </li>
        )}
      </ul>
    </section>
  );
}

interface ValueWords {
  readonly none: string;
  readonly state: Readonly<Record<string, string>>;
  readonly status: Readonly<Record<string, string>>;
  readonly firmware: Readonly<Record<string, string>>;
}

function valueText(id: string, field: string, value: string | number | undefined, words: ValueWords): string {
  if (value === undefined || value === '') return words.none;
  const text = String(value);
  if (id === FIRMWARE && field === 'state') return wordOf(words.firmware, text) ?? text;
  if (field === 'state') return stateWord(text, words.state);
  return field === 'status' ? (wordOf(words.status, text) ?? text) : text;
}

function stateWord(state: string, words: Readonly<Record<string, string>>): string {
  return wordOf(words, state) ?? state;
}

function wordOf(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

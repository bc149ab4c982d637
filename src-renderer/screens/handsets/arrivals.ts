import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { deviceName } from '../../components/device-name.ts';
import { cardFacts } from './card-facts.ts';
import { cardState, isAtWork } from './card-state.ts';
import { thingName } from './thing-name.ts';

/** How one card stands, as far as somebody who listens wants to know when it is another. */
interface Standing {
  readonly name: string;
  readonly kind: 'ready' | 'new' | 'unusable' | 'gone' | 'at-work';
  readonly reason?: string | undefined;
}

export type Standings = ReadonlyMap<string, Standing>;
type Screens = Catalogue['screens'];
type Words = Screens['links'];
type Listed = Pick<HostState, 'handsets' | 'attachments' | 'sessions' | 'tasks' | 'prompts'>;

/** Changes at one moment that are said one by one; more are said as numbers. */
const MOST_SAID = 3;

export function standingsOf(state: Listed, screens: Screens): Standings {
  const standings = new Map<string, Standing>();
  for (const handset of state.handsets) {
    const card = cardState(handset, cardFacts(state, handset));
    const kind = isAtWork(card) ? 'at-work' : card.kind;
    standings.set(handset.device, {
      name: deviceName(handset),
      kind: kind === 'ready' || kind === 'unusable' || kind === 'at-work' ? kind : 'gone',
      reason: handset.reason,
    });
  }
  for (const thing of state.attachments) {
    const kind = thing.reason === undefined ? 'new' : 'unusable';
    standings.set(`at ${thing.address}`, { name: thingName(thing, screens), kind, reason: thing.reason });
  }
  return standings;
}

/** What came, went, or can be used or not any more. Work and how it ends are said by the cards. */
export function arrivals(before: Standings, now: Standings, words: Words, language: Language): readonly string[] {
  const came: string[] = [];
  const went: string[] = [];
  const sentences: string[] = [];
  for (const [key, { name, kind, reason }] of now) {
    const old = before.get(key);
    if (kind === 'at-work' || (old?.kind === kind && old.reason === reason)) continue;
    if (kind === 'gone') {
      if (old === undefined) continue;
      went.push(name);
      sentences.push(words.say.gone(name));
    } else if (kind === 'unusable') {
      came.push(name);
      sentences.push(words.say.unusable(name, errorText(reason ?? '', language).what));
    } else if (old?.kind !== 'at-work') {
      came.push(name);
      sentences.push(kind === 'ready' ? words.say.ready(name) : words.say.attached(name));
    }
  }
  for (const [key, { name, kind }] of before) {
    // A thing that has said who it is goes on as the card of that handset.
    if (now.has(key) || kind === 'gone' || (key.startsWith('at ') && came.length > 0)) continue;
    went.push(name);
    sentences.push(words.say.gone(name));
  }
  if (sentences.length <= MOST_SAID) return sentences;
  return [words.say.several(countText(came.length, language), countText(went.length, language))];
}

import { Route } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { LiveSession } from '../../../src-main/contract/sessions.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import { durationText, sizeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { secondsOver, type Way, type WayFacts, wayFacts, wayOffer } from './way-facts.ts';

type Words = Pick<Catalogue['screens'], 'common' | 'links'>;

const MEGABYTE = 1_000_000;

interface WayLineProps {
  readonly handset: KnownHandset;
  readonly name: string;
  /** The one that is open. */
  readonly session: LiveSession | undefined;
}

/** Of several ways: which is used, why, and how fast it really is. */
export function WayLine({ handset, name, session }: WayLineProps) {
  const { words, language } = useSpeech();
  const announce = useAnnounce();
  const facts = wayFacts(handset, session);
  const sentence = facts === undefined ? '' : wayText(facts, words.screens);
  const before = useRef(sentence);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said when it is another one
  useEffect(() => {
    if (before.current !== sentence && sentence !== '') announce(`${name}: ${sentence}`);
    before.current = sentence;
  }, [sentence]);
  if (facts === undefined) return null;
  return (
    <p className="handset-used small quiet">
      <Route aria-hidden="true" />
      <span>
        {sentence} {timeText(facts, session, words.screens, language)}
      </span>
    </p>
  );
}

function wayText({ used, why }: WayFacts, { common, links: { way } }: Words): string {
  const over = common.bearers[used.kind];
  switch (why.kind) {
    case 'better':
      return way.better(over, common.bearers[why.than.kind]);
    case 'away':
      return way.away(over, common.bearers[why.other.kind]);
    case 'unusable':
      return way.unusable(over, common.bearers[why.other.kind]);
    case 'until-over':
      return way.untilOver(over, common.bearers[why.then.kind]);
  }
}

/** What is left of a package that travels, until its own speed is known; else what a megabyte takes. */
function timeText(
  { used, why }: WayFacts,
  session: LiveSession | undefined,
  { common, links: { way } }: Words,
  language: Language,
): string {
  const transfer = session?.phase === 'delivering' ? session.transfer : undefined;
  if (session !== undefined && transfer === undefined) return '';
  if (transfer !== undefined) {
    const left = transfer.remaining === undefined ? secondsOver(used, transfer.total - transfer.done) : undefined;
    return left === undefined ? '' : way.left(durationText(left, language));
  }
  const seconds = secondsOver(used, MEGABYTE);
  if (seconds === undefined) return way.unmeasured;
  const other = why.kind === 'better' ? secondsOver(why.than, MEGABYTE) : undefined;
  const here = way.megabyte(durationText(seconds, language));
  if (why.kind !== 'better' || other === undefined) return `${here}.`;
  return `${here}${way.there(common.bearers[why.than.kind], durationText(other, language))}.`;
}

interface WayOfferLineProps {
  readonly handset: KnownHandset;
  readonly task: Task;
}

/** While a link is lost: the other way, and the time that it would really take. */
export function WayOfferLine({ handset, task }: WayOfferLineProps) {
  const { words, common, language } = useSpeech();
  const { offer } = words.screens.links;
  // As a text, since a selector gives back no new object.
  const text = useHost((state) => JSON.stringify(wayOffer(state, handset, task) ?? ''), '""');
  const found = JSON.parse(text) as ReturnType<typeof wayOffer> | '';
  if (found === '' || found === undefined) return null;
  const { other, bytes, seconds, lost, lostSeconds } = found;
  const size = bytes === undefined ? undefined : sizeText(bytes, language);
  const over = (way: Way) => common.bearers[way.kind];
  const there = seconds === undefined ? undefined : durationText(seconds, language);
  return (
    <p className="handset-offer">
      {offer.over[other.kind]}{' '}
      {size === undefined || there === undefined
        ? offer.unmeasured
        : offer.takes(size, there) +
          (lost === undefined || lostSeconds === undefined
            ? ''
            : offer.instead(over(lost), durationText(lostSeconds, language)))}
      {size !== undefined && there !== undefined && '.'}
    </p>
  );
}

import { CircleCheck, CircleHelp, Clock, type LucideIcon, TriangleAlert } from 'lucide-react';
import { type RefObject, useId } from 'react';
import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import type { Finding } from '../../../src-main/contract/doctor.ts';
import { ListenerKind } from '../../../src-main/contract/listening.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { Badge } from '../../components/badge.tsx';
import { CommandText } from '../../components/command-text.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import { FOCUS_HOME } from '../handsets/use-keep-focus.ts';
import { isTriedAgain } from './finding-groups.ts';
import { RemedySection, type Treatment } from './remedy-section.tsx';

const LOOKS: Readonly<Record<Finding['state'], readonly [Tone, LucideIcon]>> = {
  trouble: ['needs-you', TriangleAlert],
  unknown: ['idle', CircleHelp],
  good: ['done', CircleCheck],
};
const TRIED_AGAIN: readonly [Tone, LucideIcon] = ['idle', Clock];
/** More of them are folded. */
const MANY_FACTS = 8;

interface FindingCardProps {
  readonly finding: Finding;
  readonly onTreat: (treatment: Treatment) => void;
  /** Somebody came for this one. */
  readonly wanted?: RefObject<HTMLElement | null> | undefined;
}

/** One finding: what it means, what was seen, and what mends it. */
export function FindingCard({ finding, onTreat, wanted }: FindingCardProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.doctor;
  const title = useId();
  const { check, state, code, facts, remedy } = finding;
  const { means } = speech.checks[check];
  const tried = isTriedAgain(finding);
  const [tone, icon] = tried ? TRIED_AGAIN : LOOKS[state];
  const reason = state === 'good' || code === undefined ? undefined : errorText(code, language);
  const text = state === 'trouble' ? reason : undefined;
  return (
    <article
      ref={wanted}
      className="panel doctor-finding stack"
      aria-labelledby={title}
      tabIndex={-1}
      data-finding={finding.id}
      data-tone={tone}
      {...{ [FOCUS_HOME]: '' }}
    >
      <header>
        <h3 id={title}>{titleOf(finding, text?.what, words.screens)}</h3>
        <Badge tone={tone} icon={icon} text={tried ? words.screens.listening.states.waiting : speech.states[state]} />
      </header>
      {state !== 'good' && (
        <p>
          {means}
          {text === undefined && reason !== undefined && ` ${reason.what}`}
          {reason !== undefined && remedy === undefined && (
            <>
              {' '}
              <CommandText text={reason.next} />
            </>
          )}
        </p>
      )}
      {facts.length > 0 && (
        <details open={state === 'trouble' && facts.length <= MANY_FACTS}>
          <summary>{speech.facts.title}</summary>
          <Facts facts={facts} />
        </details>
      )}
      {remedy !== undefined && <RemedySection finding={finding} remedy={remedy} onTreat={onTreat} />}
    </article>
  );
}

/** What is wrong, or what was looked at; of several ways in, which one. */
function titleOf(
  { id, check }: Finding,
  what: string | undefined,
  { doctor, listening }: Catalogue['screens'],
): string {
  const { name } = doctor.checks[check];
  if (check !== 'way-in') return what ?? name;
  const kind = ListenerKind.options.find((each) => id === `way-in:${each}`);
  const way = kind === undefined ? name : `${name} (${listening.ways[kind].title})`;
  return what === undefined ? way : `${way}: ${what}`;
}

/** Names of facts are ours, their values the system's own; a serial number of a phone in them is hidden. */
export function Facts({ facts }: Pick<Finding, 'facts'>) {
  const names: Readonly<Record<string, string>> = useSpeech().words.screens.doctor.facts.names;
  return (
    <dl className="facts small doctor-facts">
      {facts.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one may come twice, and none has a state of its own
        <div key={index}>
          <dt>{(Object.hasOwn(names, name) ? names[name] : undefined) ?? name}</dt>
          <dd dir="auto">{maskEquipmentNumbers(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

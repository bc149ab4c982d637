import { CircleCheck, CircleHelp, Monitor, Smartphone } from 'lucide-react';
import { type RefObject, useId } from 'react';
import type { Finding } from '../../../src-main/contract/doctor.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { Facts, FindingCard } from './finding-card.tsx';
import type { FindingGroup } from './finding-groups.ts';
import type { Treatment } from './remedy-section.tsx';

interface FindingGroupSectionProps {
  readonly group: FindingGroup;
  readonly onTreat: (treatment: Treatment) => void;
  readonly wanted: Finding | undefined;
  readonly wantedCard: RefObject<HTMLElement | null>;
}

/** What was found about the computer, or about one attached thing. */
export function FindingGroupSection({ group, onTreat, wanted, wantedCard }: FindingGroupSectionProps) {
  const { words, common, language } = useSpeech();
  const speech = words.screens.doctor;
  const title = useId();
  const { thing, name, place, shown, quiet } = group;
  const Icon = thing === '' ? Monitor : Smartphone;
  const called = name ?? thing;
  const heading = place === undefined ? called : speech.at(called, common.port(place));
  return (
    <section className="doctor-group stack" aria-labelledby={title}>
      <h2 id={title}>
        <Icon aria-hidden="true" />
        {thing === '' ? speech.computer : heading}
      </h2>
      {shown.map((finding) => (
        <FindingCard
          key={finding.id}
          finding={finding}
          onTreat={onTreat}
          wanted={finding === wanted ? wantedCard : undefined}
        />
      ))}
      {quiet.length > 0 && (
        <details className="doctor-quiet">
          <summary>{speech.quiet(quiet.length, countText(quiet.length, language))}</summary>
          <ul>
            {quiet.map((finding) => (
              <QuietFinding key={finding.id} finding={finding} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function QuietFinding({ finding: { check, state, code, facts } }: { readonly finding: Finding }) {
  const { words, language } = useSpeech();
  const speech = words.screens.doctor;
  const Icon = state === 'good' ? CircleCheck : CircleHelp;
  return (
    <li data-state={state}>
      <p>
        <Icon aria-hidden="true" />
        {speech.checks[check].name}
        <span className="small quiet">{speech.states[state === 'trouble' ? 'unknown' : state]}</span>
      </p>
      {state !== 'good' && code !== undefined && (
        <p className="small quiet doctor-why">{errorText(code, language).what}</p>
      )}
      {facts.length > 0 && <Facts facts={facts} />}
    </li>
  );
}

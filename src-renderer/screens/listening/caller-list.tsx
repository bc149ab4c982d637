import '@mantine/core/styles/Input.css';
import { Button } from '@mantine/core';
import { CircleCheck, CircleSlash, Clock, FlaskConical, type LucideIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CallerView } from '../../../src-main/contract/listening.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { countText, dateTimeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { Badge } from '../../components/badge.tsx';
import { FilterField } from '../../components/filter-field.tsx';
import { useConnection, useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import { FOCUS_HOME, useKeepFocus } from '../handsets/use-keep-focus.ts';
import { NO_HANDSETS } from './caller-question.tsx';
import { callerName, callerNumber, inOrder } from './caller-words.ts';
import { WAY_ICONS } from './way-looks.ts';

/** Enough for a counter; the rest on demand. */
const FIRST_ROWS = 50;
/** So few are seen at once. */
const FEW = 8;

const LOOKS: Readonly<Record<CallerView['state'], readonly [Tone, LucideIcon]>> = {
  asking: ['needs-you', Clock],
  missed: ['needs-you', Clock],
  accepted: ['done', CircleCheck],
  refused: ['idle', CircleSlash],
};

/** Everybody who has called and is not waiting now, with the answer that holds. */
export function CallerList({ callers }: { readonly callers: readonly CallerView[] }) {
  const { words, common, language } = useSpeech();
  const { callers: text } = words.screens.listening;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const [filter, setFilter] = useState('');
  const [all, setAll] = useState(false);
  const region = useRef<HTMLElement>(null);
  useKeepFocus(region);
  const wanted = filter.trim().toLowerCase();
  const fitting = inOrder(callers).filter((caller) =>
    [callerName(caller, handsets, text.unnamed), callerNumber(caller), caller.from]
      .filter((part) => part !== undefined)
      .some((part) => part.toLowerCase().includes(wanted)),
  );
  const shown = all ? fitting : fitting.slice(0, FIRST_ROWS);
  return (
    <section ref={region} className="stack listening-callers" aria-labelledby="callers-title" tabIndex={-1}>
      <div className="listening-head">
        <h2 id="callers-title">{text.title(countText(callers.length, language))}</h2>
        {callers.length > FEW && (
          <FilterField className="listening-filter" label={text.filter} value={filter} onChange={setFilter} />
        )}
      </div>
      {callers.length === 0 && <p className="quiet">{text.none}</p>}
      {callers.length > 0 && shown.length === 0 && <p className="quiet">{text.noneShown}</p>}
      {shown.length > 0 && (
        <ul className="listening-rows">
          {shown.map((caller) => (
            <CallerRow key={caller.id} caller={caller} name={callerName(caller, handsets, text.unnamed)} />
          ))}
        </ul>
      )}
      {shown.length < fitting.length && (
        <div className="row">
          <Button variant="default" onClick={() => setAll(true)}>
            {common.showAll}
          </Button>
        </div>
      )}
    </section>
  );
}

function CallerRow({ caller, name }: { readonly caller: CallerView; readonly name: string }) {
  const { words, common, language } = useSpeech();
  const { callers: text, say } = words.screens.listening;
  const announce = useAnnounce();
  const answering = useAction('callers.answer');
  const forgetting = useAction('callers.forget');
  const { id, kind, state, from, calledAt, virtual } = caller;
  const error = answering.error ?? forgetting.error;
  const [tone, icon] = LOOKS[state];
  const Icon = WAY_ICONS[kind];
  const number = callerNumber(caller);
  const live = useConnection().kind === 'live';
  const answer = async (said: 'accept' | 'refuse') => {
    if ((await answering.run({ caller: id, answer: said })) === undefined) return;
    announce(said === 'accept' ? say.letIn(name) : say.sentAway(name));
  };
  const forget = async () => {
    if ((await forgetting.run({ caller: id })) !== undefined) announce(say.forgotten(name));
  };
  const button = (key: string, label: string, named: string, onClick: () => void) => (
    <Button key={key} variant="default" size="compact-sm" disabled={!live} aria-label={named} onClick={onClick}>
      {label}
    </Button>
  );
  return (
    <li className="listening-row" tabIndex={-1} data-caller={id} {...{ [FOCUS_HOME]: '' }}>
      <Icon className="listening-row-icon" aria-hidden="true" />
      <div className="listening-who">
        <p className="row">
          <strong title={name}>
            <bdi>{name}</bdi>
          </strong>
          <Badge tone={tone} icon={icon} text={text.states[state]} />
          {virtual && <Badge tone="idle" icon={FlaskConical} text={common.virtual} title={common.virtualHint} />}
        </p>
        <p className="small quiet listening-facts">
          <span className="number">{number ?? text.unread}</span>
          <span>{text.over[kind]}</span>
          {from !== undefined && <span dir="ltr">{from}</span>}
          <span className="number">{text.called(dateTimeText(calledAt, language))}</span>
        </p>
        {error !== undefined && (
          <p className="small listening-problem" role="alert">
            {errorText(error.code, language).what}
          </p>
        )}
      </div>
      <div className="row">
        {state !== 'accepted' && button('let', text.letIn, text.letInNamed(name), () => void answer('accept'))}
        {state !== 'refused' && button('send', text.sendAway, text.sendAwayNamed(name), () => void answer('refuse'))}
        <Button
          variant="subtle"
          size="compact-sm"
          disabled={!live}
          aria-label={text.forgetNamed(name)}
          onClick={() => void forget()}
        >
          {text.forget}
        </Button>
      </div>
    </li>
  );
}

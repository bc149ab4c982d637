import { Button } from '@mantine/core';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { CallerView } from '../../../src-main/contract/listening.ts';
import { durationText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { useFocusLeft } from '../../components/use-focus-left.ts';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useConnection, useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { callerNumber, cardName, claimedName } from './caller-words.ts';

export const NO_HANDSETS: readonly KnownHandset[] = [];

/** Somebody calls and is held: who it says it is, how long it waits, and the two answers; the same wherever it is asked. */
export function CallerQuestion({ caller }: { readonly caller: CallerView }) {
  const { words } = useSpeech();
  const { callers: text } = words.screens.listening;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const name = claimedName(caller, text.unnamed);
  const card = cardName(caller, handsets);
  const { kind, from, wants } = caller;
  const number = callerNumber(caller);
  const box = useFocusLeft<HTMLDivElement>();
  return (
    <div ref={box}>
      <Notice tone="needs-you" title={text.calls(name, text.over[kind])} level={2}>
        <dl className="facts">
          <dt>{text.number}</dt>
          <dd className={number === undefined ? 'quiet' : 'number'}>{number ?? text.unread}</dd>
          {card !== undefined && (
            <>
              <dt>{text.card}</dt>
              <dd>
                <bdi>{card}</bdi>
              </dd>
            </>
          )}
          {from !== undefined && (
            <>
              <dt>{text.from}</dt>
              <dd dir="ltr">{from}</dd>
            </>
          )}
          {wants !== undefined && (
            <>
              <dt>{text.wants}</dt>
              <dd dir="ltr">{wants}</dd>
            </>
          )}
        </dl>
        <p className="quiet">{text.consent}</p>
        <CallerAnswers caller={caller} name={name} />
      </Notice>
    </div>
  );
}

function CallerAnswers({ caller, name }: { readonly caller: CallerView; readonly name: string }) {
  const { callers: text, say } = useSpeech().words.screens.listening;
  const announce = useAnnounce();
  const { run, error } = useAction('callers.answer');
  const live = useConnection().kind === 'live';
  const answer = async (said: 'accept' | 'refuse') => {
    if ((await run({ caller: caller.id, answer: said })) === undefined) return;
    announce(said === 'accept' ? say.letIn(name) : say.sentAway(name));
  };
  return (
    <>
      <div className="row">
        <Button
          size="compact-sm"
          variant="default"
          disabled={!live}
          aria-label={text.letInNamed(name)}
          onClick={() => void answer('accept')}
        >
          {text.letIn}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={!live}
          aria-label={text.sendAwayNamed(name)}
          onClick={() => void answer('refuse')}
        >
          {text.sendAway}
        </Button>
        {live ? <CallTime until={caller.until} /> : <span className="small">{text.hostGone}</span>}
      </div>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
    </>
  );
}

function CallTime({ until }: { readonly until: string | undefined }) {
  const left = useCallTime(until);
  return left === undefined ? null : <span className="small quiet number">{left}</span>;
}

/** How long a caller waits, in words. */
export function useCallTime(until: string | undefined): string | undefined {
  const { words, language } = useSpeech();
  const { callers: text } = words.screens.listening;
  const now = useNow(until !== undefined);
  if (until === undefined) return undefined;
  const left = secondsBetween(now, Date.parse(until));
  return left === 0 ? text.gone : text.left(left >= 60 ? durationText(left, language) : `${left} s`);
}

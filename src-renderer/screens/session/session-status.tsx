import { ArrowLeft, ArrowRight, type LucideIcon, Server, Smartphone, TriangleAlert } from 'lucide-react';
import type { MessageRow, Traffic } from '../../../src-main/contract/sessions.ts';
import { countText, dateTimeText, elapsedText, sizeText } from '../../../src-main/wording/numbers.ts';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { UnplugWord } from '../../components/unplug-word.tsx';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { type AnySession, isLive, isUnderWay, trafficOf } from './session-log.ts';
import { serverName } from './session-state.ts';
import { usePhone } from './use-phone.ts';

interface SessionStatusProps {
  readonly session: AnySession;
  readonly messages: readonly MessageRow[];
}

/** Who speaks with whom, how much, and where it is now. */
export function SessionStatus({ session, messages }: SessionStatusProps) {
  const { words } = useSpeech();
  const text = words.screens.session;
  const { toDms, toHandset } = trafficOf(session, messages);
  const relay = session.kind === 'relay';
  return (
    <section className="panel session-status" aria-label={text.title}>
      <div className="session-route">
        <HandsetEnd session={session} />
        <div className="session-lanes">
          <Lane way="to-dms" traffic={toDms} />
          <Lane way="to-handset" traffic={toHandset} />
          {relay && (
            <p className="small quiet">
              {text.parts.agent} {text.agentRelays}
            </p>
          )}
        </div>
        <End
          icon={Server}
          label={text.parts.server}
          name={relay ? serverName(session.dms) : text.ownServer}
          note={relay ? session.dms : text.ownServerHint}
        />
      </div>
      <PhaseLine session={session} />
    </section>
  );
}

function HandsetEnd({ session }: { readonly session: AnySession }) {
  const { words } = useSpeech();
  const { name, number } = usePhone(session);
  return (
    <End
      icon={Smartphone}
      label={words.screens.session.parts.handset}
      name={name}
      note={number === undefined || number === name ? session.handset : number}
    />
  );
}

interface EndProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly name: string;
  readonly note: string;
}

function End({ icon: Icon, label, name, note }: EndProps) {
  return (
    <div className="session-end">
      <Icon aria-hidden="true" />
      <div>
        <p className="small quiet">{label}</p>
        <p className="session-end-name" title={name}>
          {name}
        </p>
        <p className="small quiet session-end-note" title={note}>
          {note}
        </p>
      </div>
    </div>
  );
}

interface LaneProps {
  readonly way: 'to-dms' | 'to-handset';
  readonly traffic: Traffic;
}

function Lane({ way, traffic: { messages, bytes } }: LaneProps) {
  const { words, language } = useSpeech();
  const text = words.screens.session;
  const Icon = way === 'to-dms' ? ArrowRight : ArrowLeft;
  return (
    <p className="session-lane" data-way={way}>
      <Icon aria-hidden="true" className="session-arrow" />
      <span className="session-lane-name">{way === 'to-dms' ? text.toServer : text.toHandset}</span>
      <span className="number" data-count={`${way}-messages`} data-value={messages}>
        {text.messages(messages, countText(messages, language))}
      </span>
      <span className="number" data-count={`${way}-bytes`} data-value={bytes} title={sizeText(bytes, language)}>
        {countText(bytes, language)} B
      </span>
    </p>
  );
}

function PhaseLine({ session }: { readonly session: AnySession }) {
  const { words, common, language } = useSpeech();
  const text = words.screens.session;
  const running = isUnderWay(session);
  const now = useNow(running);
  const seconds = secondsBetween(session.startedAt, session.endedAt ?? now);
  const transfer = isLive(session) ? session.transfer : undefined;
  const stalled = running && isLive(session) ? session.stalled : undefined;
  const sent = transfer !== undefined && transfer.done >= transfer.total;
  return (
    <div className="session-now">
      {running && isLive(session) && (
        <p className="row">
          <strong data-phase={session.phase}>{common.phases[session.phase]}</strong>
          <UnplugWord unplug={session.unplug} />
        </p>
      )}
      {running && transfer !== undefined && !sent && (
        <div className="session-transfer">
          <TransferBar transfer={transfer} label={text.transfer} />
        </div>
      )}
      {stalled !== undefined && (
        <p className="session-stall">
          <TriangleAlert aria-hidden="true" />
          <strong>{common.stalled.title}</strong>
          <span className="number">{common.stalled[stalled.waitingFor](secondsBetween(stalled.since, now))}</span>
        </p>
      )}
      <dl className="session-times small">
        <div>
          <dt>{text.times.started}</dt>
          <dd>
            <time dateTime={session.startedAt}>{dateTimeText(session.startedAt, language)}</time>
          </dd>
        </div>
        {session.endedAt !== undefined && (
          <div>
            <dt>{text.times.ended}</dt>
            <dd>
              <time dateTime={session.endedAt}>{dateTimeText(session.endedAt, language)}</time>
            </dd>
          </div>
        )}
        {(running || session.endedAt !== undefined) && (
          <div>
            <dt>{running ? text.times.running : text.times.duration}</dt>
            <dd className="number">{elapsedText(seconds, language)}</dd>
          </div>
        )}
        {sent && (
          <div>
            <dt>{text.transferDone}</dt>
            <dd className="number">{sizeText(transfer.total, language)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

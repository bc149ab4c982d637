import type { LiveSession } from '../../../src-main/contract/sessions.ts';
import { countText, sizeText } from '../../../src-main/wording/numbers.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { UnplugWord } from '../../components/unplug-word.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { isUnderWay } from '../session/session-log.ts';
import { sessionStateWord } from '../session/session-state.ts';

/** The demo's sessions, the newest last, each a link to all that was said in it. */
export function DemoSessions({ keys }: { readonly keys: readonly string[] }) {
  const { words } = useSpeech();
  const text = words.screens.demo.sessions;
  const sessions = useHost((state) => state.sessions, NONE);
  const own = sessions.filter(({ key }) => keys.includes(key));
  return (
    <section className="panel demo-sessions" aria-labelledby="demo-sessions">
      <h2 id="demo-sessions">{text.title}</h2>
      {own.length === 0 ? (
        <p className="quiet small">{text.empty}</p>
      ) : (
        <table className="demo-table">
          <thead>
            <tr>
              <th scope="col">{text.session}</th>
              <th scope="col">{text.phase}</th>
              <th scope="col" className="demo-number">
                {text.toServer}
              </th>
              <th scope="col" className="demo-number">
                {text.toHandset}
              </th>
              <th scope="col">{text.state}</th>
            </tr>
          </thead>
          <tbody>
            {own.map((session) => (
              <SessionLine key={session.key} session={session} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const NONE: readonly LiveSession[] = [];

function SessionLine({ session }: { readonly session: LiveSession }) {
  const { words, common } = useSpeech();
  const text = words.screens.session;
  const id = session.sessionId === '' ? text.noId : text.id(session.sessionId);
  return (
    <tr data-session={session.key}>
      <th scope="row">
        <a href={`#/sessions/${encodeURIComponent(session.key)}`}>{id}</a>
        <span className="small quiet">{text.kinds[session.kind]}</span>
      </th>
      <td>
        <span>{common.phases[session.phase]}</span>
        {isUnderWay(session) && <UnplugWord unplug={session.unplug} />}
      </td>
      <Count way="to-dms" traffic={session.toDms} />
      <Count way="to-handset" traffic={session.toHandset} />
      <td>
        <StateBadge state={sessionStateWord(session)} />
      </td>
    </tr>
  );
}

interface CountProps {
  readonly way: 'to-dms' | 'to-handset';
  readonly traffic: LiveSession['toDms'];
}

function Count({ way, traffic: { messages, bytes } }: CountProps) {
  const { words, language } = useSpeech();
  return (
    <td className="demo-number number">
      <span data-count={`${way}-messages`} data-value={messages}>
        {words.screens.session.messages(messages, countText(messages, language))}
      </span>
      <span
        className="small quiet"
        data-count={`${way}-bytes`}
        data-value={bytes}
        title={`${countText(bytes, language)} B`}
      >
        {sizeText(bytes, language)}
      </span>
    </td>
  );
}

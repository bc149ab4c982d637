import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Switch.css';
import { Switch } from '@mantine/core';
import { Check, Pause, Wifi, WifiOff } from 'lucide-react';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** The one switch of the network, and what it means for the work. */
export function OfflineSwitch() {
  const { words, language } = useSpeech();
  const { switch: text, say } = words.screens.network;
  const announce = useAnnounce();
  const offline = useHost((state) => state.offline, false);
  const waiting = useHost((state) => state.reportsWaiting, 0);
  const { run, running, error } = useAction('host.offline');
  const turn = async (wanted: boolean) => {
    if (running) return;
    const answer = await run({ offline: wanted });
    if (answer !== undefined) announce(answer.offline ? say.on : say.off);
  };
  const Icon = offline ? WifiOff : Wifi;
  return (
    <section className="panel offline" data-on={offline} aria-labelledby="offline-title">
      <div className="offline-head">
        <Icon aria-hidden="true" className="offline-icon" />
        <div className="offline-words">
          <h2 id="offline-title">{text.title}</h2>
          <p className="offline-state">{offline ? text.on : text.off}</p>
        </div>
        <Switch
          size="lg"
          classNames={{ track: 'offline-track' }}
          checked={offline}
          aria-label={text.title}
          aria-describedby="offline-explain"
          onChange={({ currentTarget }) => void turn(currentTarget.checked)}
        />
      </div>
      <p className="quiet" id="offline-explain">
        {text.explain}
      </p>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <div className="offline-means">
        <div>
          <h3>{text.goesOn}</h3>
          <ul>
            {text.works.map((each) => (
              <li key={each}>
                <Check aria-hidden="true" />
                {each}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>{text.rests}</h3>
          <ul>
            {[...text.waits, text.reports(waiting, countText(waiting, language))].map((each) => (
              <li key={each}>
                <Pause aria-hidden="true" />
                {each}
              </li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

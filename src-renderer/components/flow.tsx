import type { LiveOverview, Traffic } from '../../src-main/contract/live-overview.ts';
import { countText, sizeText } from '../../src-main/wording/numbers.ts';
import { useSpeech } from '../language/language-context.tsx';

interface FlowProps {
  readonly overview: LiveOverview;
  readonly place: 'first' | 'second';
}

/** What went each way. A dot crosses once for every message, first near its sender. */
export function Flow({ overview, place }: FlowProps) {
  const { words } = useSpeech();
  return (
    <div className="flow" data-place={place}>
      <Lane way="to-server" label={words.flow.toServer} traffic={overview.toDms} />
      <Lane way="to-handset" label={words.flow.toHandset} traffic={overview.toHandset} />
    </div>
  );
}

interface LaneProps {
  readonly way: 'to-server' | 'to-handset';
  readonly label: string;
  readonly traffic: Traffic;
}

function Lane({ way, label, traffic }: LaneProps) {
  const { words, language } = useSpeech();
  const messages = words.flow.messages(traffic.messages, countText(traffic.messages, language));
  return (
    <div className="lane" data-way={way}>
      <p className="lane-text">
        <span className="unseen">{label}: </span>
        <span>{messages}</span>
        <span className="lane-mark"> · </span>
        <span>{sizeText(traffic.bytes, language)}</span>
      </p>
      <div className="lane-line" aria-hidden="true">
        {traffic.messages > 0 && <span key={traffic.messages} className="lane-dot" />}
      </div>
    </div>
  );
}

import { CircleDashed, CircleX, LoaderCircle, type LucideIcon, PlugZap, WifiOff } from 'lucide-react';
import { Link } from 'wouter';
import { Badge } from '../components/badge.tsx';
import { useConnection, useHost } from '../host/host-context.tsx';
import type { Connection } from '../host/host-store.ts';
import { useSpeech } from '../language/language-context.tsx';
import type { Tone } from '../theme/tone.ts';

const LOOKS: Readonly<Record<Connection['kind'], readonly [Tone, LucideIcon]>> = {
  connecting: ['idle', CircleDashed],
  live: ['done', PlugZap],
  lost: ['needs-you', LoaderCircle],
  refused: ['failed', CircleX],
};

/** What is true everywhere: whether the host is there, and whether the network may be used. */
export function TopBar() {
  const { common } = useSpeech();
  const { kind } = useConnection();
  const offline = useHost((state) => state.offline, false);
  const [tone, icon] = LOOKS[kind];
  return (
    <header className="shell-top">
      {offline && (
        <Link href="/network">
          <Badge tone="needs-you" icon={WifiOff} text={common.offline} title={common.offlineHint} />
        </Link>
      )}
      <Badge tone={tone} icon={icon} text={common.connection[kind]} busy={kind === 'lost'} />
    </header>
  );
}

import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Clock,
  Hand,
  LoaderCircle,
  type LucideIcon,
  ShieldAlert,
  ShieldCheck,
  ShieldQuestion,
  SkipForward,
  Unplug,
} from 'lucide-react';
import { useSpeech } from '../language/language-context.tsx';
import type { Tone } from '../theme/tone.ts';
import { Badge } from './badge.tsx';
import type { StateWord } from './state-word.ts';

const LOOKS: Readonly<Record<StateWord, readonly [Tone, LucideIcon]>> = {
  ready: ['done', CircleCheck],
  waiting: ['needs-you', Clock],
  working: ['working', LoaderCircle],
  needsYou: ['needs-you', Hand],
  done: ['done', CircleCheck],
  failed: ['failed', CircleX],
  skipped: ['idle', SkipForward],
  away: ['idle', Unplug],
  unusable: ['failed', Ban],
  refused: ['needs-you', CircleSlash],
  postponed: ['needs-you', Clock],
  cancelled: ['idle', CircleSlash],
  expired: ['idle', Clock],
  queued: ['idle', CircleDashed],
  verified: ['done', ShieldCheck],
  unverified: ['needs-you', ShieldQuestion],
  quarantined: ['failed', ShieldAlert],
};

export function StateBadge({ state, title }: { readonly state: StateWord; readonly title?: string }) {
  const { common } = useSpeech();
  const [tone, icon] = LOOKS[state];
  const more = title === undefined ? {} : { title };
  return <Badge tone={tone} icon={icon} text={common.states[state]} busy={state === 'working'} {...more} />;
}

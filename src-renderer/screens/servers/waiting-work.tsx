import './waiting-work.css';
import { RefreshCw } from 'lucide-react';
import { Link } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { WorkButton } from '../../components/work-button.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { isAbout } from './job-words.ts';
import { useSync } from './use-sync.ts';
import { useWaitingJobs } from './waiting-board.ts';

const NONE: readonly ProfileView[] = [];

/** What DM servers want of a handset that is attached and free, and the way to carry it. */
export function WaitingWork({ handset }: { readonly handset: KnownHandset }) {
  const profiles = useHost((state) => state.profiles, NONE);
  const offline = useHost((state) => state.offline, true);
  if (offline || profiles.length === 0 || handset.presence !== 'attached') return null;
  const first = profiles.find(({ isDefault }) => isDefault) ?? profiles[0];
  return profiles.map((profile) => (
    <ServerLine key={profile.id} handset={handset} profile={profile} always={profile === first} />
  ));
}

interface ServerLineProps {
  readonly handset: KnownHandset;
  readonly profile: ProfileView;
  /** Also when nothing is known to wait: what the server wants may not be in its list. */
  readonly always: boolean;
}

function ServerLine({ handset, profile: { id, name }, always }: ServerLineProps) {
  const { words, language } = useSpeech();
  const text = words.screens.cards;
  const count = useWaitingJobs(id).filter((job) => isAbout(job, handset)).length;
  const { sync, working } = useSync(handset, id);
  if (count === 0 && !always) return null;
  const place = `/servers/${encodeURIComponent(id)}/jobs/${encodeURIComponent(handset.device)}`;
  return (
    <div className="waiting-work small" data-waiting={count > 0}>
      {count > 0 && <Link href={place}>{text.waiting(name, count, countText(count, language))}</Link>}
      <WorkButton
        size="compact-sm"
        variant={count > 0 ? 'default' : 'subtle'}
        leftSection={<RefreshCw size="0.9em" aria-hidden="true" />}
        aria-label={text.syncWith(name)}
        title={text.syncHint}
        working={working}
        onWork={() => void sync()}
      >
        {working ? text.syncing : count > 0 ? text.sync : text.syncWith(name)}
      </WorkButton>
    </div>
  );
}

import { CircleCheck, CircleX, Clock, Hourglass, LoaderCircle, type LucideIcon, ShieldX } from 'lucide-react';
import { memo, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { PackageView, ProfileView } from '../../../src-main/contract/results.ts';
import type { DmsJobView } from '../../../src-main/contract/software-views.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { sizeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { Badge } from '../../components/badge.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Tone } from '../../theme/tone.ts';
import {
  dmsJobText,
  isAbout,
  isWaiting,
  type JobStanding,
  jobPhoneText,
  jobResultWords,
  standingOf,
} from './job-words.ts';
import { useSync } from './use-sync.ts';

const LOOKS: Readonly<Record<JobStanding, readonly [Tone, LucideIcon]>> = {
  queued: ['idle', Clock],
  running: ['working', LoaderCircle],
  done: ['done', CircleCheck],
  failed: ['failed', CircleX],
  awaited: ['needs-you', Hourglass],
  refused: ['failed', ShieldX],
};
const NO_HANDSETS: readonly KnownHandset[] = [];
const NO_PACKAGES: readonly PackageView[] = [];

interface ServerJobsTableProps {
  /** Newest first. */
  readonly jobs: readonly DmsJobView[];
  readonly profile: ProfileView;
}

export function ServerJobsTable({ jobs, profile }: ServerJobsTableProps) {
  const { serverJobs: text } = useSpeech().words.screens;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const nameOf = usePackageNames();
  return (
    <table className="server-jobs-table">
      <caption className="unseen">{text.list}</caption>
      <thead>
        <tr>
          <th scope="col">{text.columns.state}</th>
          <th scope="col">{text.columns.job}</th>
          <th scope="col" className="server-jobs-phone">
            {text.columns.phone}
          </th>
          <th scope="col">{text.columns.result}</th>
          <th scope="col">
            <span className="unseen">{text.columns.action}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <JobLine
            key={job.id}
            job={job}
            what={dmsJobText(job, nameOf, text)}
            phone={jobPhoneText(job, handsets, text)}
            handset={isWaiting(job) ? handsets.find((each) => isAbout(job, each)) : undefined}
            server={profile.id}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Name and version of the packages that this computer keeps too. */
function usePackageNames(): (id: string) => string | undefined {
  const packages = useHost((state) => state.packages, NO_PACKAGES);
  return useMemo(() => {
    const names = new Map(packages.map(({ id, name, version }) => [id, `${name} ${version}`]));
    return (id) => names.get(id);
  }, [packages]);
}

interface JobLineProps {
  readonly job: DmsJobView;
  readonly what: string;
  readonly phone: string;
  /** The phone that it waits for, when it is known here. */
  readonly handset: KnownHandset | undefined;
  /** Id of the profile. */
  readonly server: string;
}

/** Drawn again only when the job, or its phone, is another. */
const JobLine = memo(function JobLine({ job, what, phone, handset, server }: JobLineProps) {
  const { words, language } = useSpeech();
  const { serverJobs: text } = words.screens;
  const standing = standingOf(job);
  const [tone, icon] = LOOKS[standing];
  const result = jobResultWords(job, text, language);
  useEndSaid(text.said(what, phone, text.states[standing]), job.state);
  return (
    <tr data-job={job.id} data-state={standing} tabIndex={-1}>
      <td>
        <Badge tone={tone} icon={icon} text={text.states[standing]} busy={standing === 'running'} />
      </td>
      <th scope="row">
        {what}
        <span className="server-jobs-below small quiet">{phone}</span>
        {job.state === 'running' && <JobProgress job={job} label={text.progress(what)} />}
      </th>
      <td className="server-jobs-phone number">{phone}</td>
      <td>
        {result}
        {job.message !== undefined && (
          <span lang="en" className="quiet small server-jobs-message">
            {job.message}
          </span>
        )}
      </td>
      <td>
        {handset !== undefined && (
          <CarryButton handset={handset} server={server} label={text.carryNamed(what, phone)} name={phone} />
        )}
        {isWaiting(job) && handset === undefined && <span className="quiet small">{text.notAttached}</span>}
      </td>
    </tr>
  );
});

function JobProgress({ job: { progress }, label }: { readonly job: DmsJobView; readonly label: string }) {
  const { words, language } = useSpeech();
  if (progress === undefined || progress.total === 0) return null;
  const { done, total } = progress;
  const percent = Math.min(100, Math.floor((done / total) * 100));
  const numbers = words.screens.serverJobs.percent(sizeText(done, language), sizeText(total, language), percent);
  return (
    <div className="server-jobs-progress">
      <div
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={numbers}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <span className="small quiet number">{numbers}</span>
    </div>
  );
}

interface CarryButtonProps {
  readonly handset: KnownHandset;
  readonly server: string;
  readonly label: string;
  readonly name: string;
}

function CarryButton({ handset, server, label, name }: CarryButtonProps) {
  const { words, language } = useSpeech();
  const { serverJobs: text } = words.screens;
  const announce = useAnnounce();
  const { sync, working, atWork, error } = useSync(handset, server);
  const button = useRef<HTMLButtonElement>(null);
  useFocusKeptInRow(button);
  if (atWork && !working) return <span className="quiet small">{text.busy}</span>;
  if (handset.presence !== 'attached') return <span className="quiet small">{text.notAttached}</span>;
  const carry = async () => {
    const result = await sync();
    if (result === undefined) return;
    announce(result.sessions.length === 0 ? text.noWork(name) : text.carried(name));
  };
  return (
    <>
      <WorkButton
        ref={button}
        size="compact-sm"
        variant="default"
        aria-label={label}
        title={text.carryHint}
        working={working}
        onWork={() => void carry()}
      >
        {text.carry}
      </WorkButton>
      {error !== undefined && (
        <span className="server-jobs-problem small" role="alert">
          {errorText(error.code, language).what}
        </span>
      )}
    </>
  );
}

/** A button that goes away because its job goes on leaves the focus to the row of the job. */
function useFocusKeptInRow(button: RefObject<HTMLButtonElement | null>): void {
  useLayoutEffect(
    () => () => {
      const { current } = button;
      if (current !== null && current === document.activeElement) current.closest('tr')?.focus();
    },
    [button],
  );
}

/** Says that a job has ended when it did so while it was shown. */
function useEndSaid(sentence: string, state: DmsJobView['state']): void {
  const announce = useAnnounce();
  const before = useRef(state);
  useEffect(() => {
    const ended = before.current !== state && (state === 'done' || state === 'failed');
    before.current = state;
    if (ended) announce(sentence);
  }, [state, sentence, announce]);
}

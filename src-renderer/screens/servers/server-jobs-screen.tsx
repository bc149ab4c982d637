import '@mantine/core/styles/Input.css';
import './server-jobs.css';
import { Button, NativeSelect } from '@mantine/core';
import { ClipboardList, ServerOff } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { deviceKey } from '../../../src-main/base/device-key.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import type { DmsJobView } from '../../../src-main/contract/software-views.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { jobPhoneText } from './job-words.ts';
import { ServerJobsTable } from './server-jobs-table.tsx';
import { type ServerJobs, useServerJobs } from './use-server-jobs.ts';

const NO_HANDSETS: readonly KnownHandset[] = [];

interface ServerJobsScreenProps {
  /** Id of the profile. */
  readonly server: string;
  /** DevId of the phone whose jobs are shown first. */
  readonly device: string | undefined;
}

/** What a DM server has to do on phones, as it happens. */
export function ServerJobsScreen({ server, device }: ServerJobsScreenProps) {
  const { serverJobs: text } = useSpeech().words.screens;
  const known = useHasState();
  const profile = useHost(({ profiles }) => profiles.find(({ id }) => id === server), undefined);
  const offline = useHost((state) => state.offline, false);
  const asked = useServerJobs(offline ? undefined : profile?.id);
  return (
    <div className="server-jobs">
      <p className="row small">
        <Link href="/servers">{text.back}</Link>
        <Link href="/help/jobs">{text.help}</Link>
      </p>
      <PageHeader title={text.title(profile?.name ?? '')} hint={text.hint} />
      {!known && <Loading />}
      {known && profile === undefined && <EmptyState icon={ServerOff} title={text.unknownTitle} text={text.unknown} />}
      {offline && profile !== undefined && (
        <Notice tone="needs-you" title={text.offline.title} level={2}>
          <p>{text.offline.text}</p>
          <Link href="/network">{text.offline.link}</Link>
        </Notice>
      )}
      {profile !== undefined && !offline && <Jobs profile={profile} asked={asked} device={device} />}
    </div>
  );
}

interface JobsProps {
  readonly profile: ProfileView;
  readonly asked: ServerJobs;
  readonly device: string | undefined;
}

function Jobs({ profile, asked: { jobs, error, retry }, device }: JobsProps) {
  const { words, language } = useSpeech();
  const { serverJobs: text } = words.screens;
  const [phone, setPhone] = useState(device === undefined ? '' : deviceKey(device));
  const phones = usePhones(jobs, phone);
  const shown = phone === '' ? jobs : jobs?.filter((job) => deviceKey(job.device ?? '') === phone);
  return (
    <>
      {error !== undefined && (
        <ErrorNotice code={error.code} message={error.message} level={2}>
          <Button size="compact-sm" onClick={retry}>
            {text.refresh}
          </Button>
        </ErrorNotice>
      )}
      {jobs === undefined && error === undefined && <Loading />}
      {jobs?.length === 0 && <EmptyState icon={ClipboardList} title={text.emptyTitle} text={text.empty} />}
      {jobs !== undefined && jobs.length > 0 && (
        <div className="server-jobs-bar">
          <NativeSelect
            className="field"
            label={text.phone}
            data={[{ value: '', label: text.allPhones }, ...phones]}
            value={phone}
            onChange={({ currentTarget }) => setPhone(currentTarget.value)}
          />
          <p className="small quiet number">
            {text.count(shown?.length ?? 0, countText(shown?.length ?? 0, language))}
            {error === undefined && <> · {text.live}</>}
          </p>
        </div>
      )}
      {jobs !== undefined && jobs.length > 0 && shown?.length === 0 && (
        <EmptyState icon={ClipboardList} title={text.noMatchTitle} text={text.noMatch} />
      )}
      {shown !== undefined && shown.length > 0 && <ServerJobsTable jobs={shown} profile={profile} />}
    </>
  );
}

/** The phones that the jobs are about, by name, and the one that is chosen. */
function usePhones(jobs: readonly DmsJobView[] | undefined, chosen: string) {
  const { serverJobs: text } = useSpeech().words.screens;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  return useMemo(() => {
    const keys = new Set(jobs?.flatMap(({ device }) => (device === undefined ? [] : [deviceKey(device)])));
    if (chosen !== '') keys.add(chosen);
    return [...keys]
      .map((key) => ({ value: key, label: jobPhoneText({ device: key }, handsets, text) }))
      .toSorted((a, b) => a.label.localeCompare(b.label));
  }, [jobs, chosen, handsets, text]);
}

import { Button } from '@mantine/core';
import { LockOpen, Star } from 'lucide-react';
import { Link } from 'wouter';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { dateTimeText } from '../../../src-main/wording/numbers.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { HopList } from './hop-list.tsx';
import { failedHop, hopRows, wholeTime } from './hop-rows.ts';
import { millisecondsText } from './milliseconds-text.ts';
import { otherOrigins } from './profile-form.ts';
import { type DmsTest, useDmsTest } from './use-dms-test.ts';

interface ProfileCardProps {
  readonly profile: ProfileView;
  /** Why no test can be run. */
  readonly offline: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

export function ProfileCard({ profile, offline, onEdit, onRemove }: ProfileCardProps) {
  const { words, language } = useSpeech();
  const { servers } = words.screens;
  const test = useDmsTest(profile);
  const { name, url, isDefault, createdAt } = profile;
  const origins = otherOrigins(profile);
  const isPlain = url.startsWith('http:');
  return (
    <li className="panel profile" data-profile={name}>
      <div className="profile-head">
        <div className="profile-name">
          <h2 title={name}>{name}</h2>
          {isDefault && (
            <span className="chip" title={servers.isDefaultHint}>
              <Star aria-hidden="true" />
              {servers.isDefault}
            </span>
          )}
          {isPlain && (
            <span className="chip" title={servers.plainHint}>
              <LockOpen aria-hidden="true" />
              {servers.plain}
            </span>
          )}
        </div>
        <div className="row">
          <Button
            component={Link}
            href={`/servers/${encodeURIComponent(profile.id)}/jobs`}
            variant="default"
            aria-label={words.screens.serverJobs.openNamed(name)}
          >
            {words.screens.serverJobs.open}
          </Button>
          <TestButton name={name} test={test} offline={offline} />
          <Button variant="default" onClick={onEdit} aria-label={servers.editNamed(name)}>
            {servers.edit}
          </Button>
          <Button variant="subtle" color="red" onClick={onRemove} aria-label={servers.removeNamed(name)}>
            {servers.remove}
          </Button>
        </div>
      </div>
      <dl className="facts">
        <dt>{servers.address}</dt>
        <dd>{url}</dd>
        <dt>{servers.origins}</dt>
        <dd>{origins.length === 0 ? <span className="quiet">{servers.noOrigins}</span> : origins.join(', ')}</dd>
        <dt>{servers.since}</dt>
        <dd className="number">{dateTimeText(createdAt, language)}</dd>
      </dl>
      {test.kind !== 'none' && <TestResult name={name} test={test} />}
    </li>
  );
}

interface TestProps {
  readonly name: string;
  readonly test: DmsTest;
}

/** One button that keeps its place, and the focus, while what it does is another. */
function TestButton({ name, test, offline }: TestProps & { readonly offline: boolean }) {
  const { test: words } = useSpeech().words.screens.servers;
  if (test.kind === 'running') {
    return (
      <Button key="test" variant="default" onClick={test.stop}>
        {words.stop}
      </Button>
    );
  }
  const again = test.kind !== 'none';
  return (
    <Button
      key="test"
      variant="default"
      disabled={offline}
      onClick={test.start}
      aria-label={again ? words.againNamed(name) : words.runNamed(name)}
    >
      {again ? words.again : words.run}
    </Button>
  );
}

function TestResult({ name, test: { kind, hops, error, close } }: TestProps) {
  const { words, language } = useSpeech();
  const { test } = words.screens.servers;
  const failed = failedHop(hops);
  const time = test.milliseconds(millisecondsText(wholeTime(hops), language));
  const sentence =
    kind === 'running'
      ? test.running(name)
      : kind === 'stopped'
        ? test.stopped
        : failed === undefined
          ? test.passed(name, time)
          : test.failed(name, test.hops[failed.hop]);
  return (
    <div className="profile-test">
      <div className="profile-test-head">
        <h3>{error === undefined ? sentence : test.heading(name)}</h3>
        {kind !== 'running' && (
          <Button variant="subtle" size="compact-sm" onClick={close}>
            {test.close}
          </Button>
        )}
      </div>
      {error === undefined ? (
        <HopList rows={hopRows(hops, kind === 'running')} label={test.heading(name)} />
      ) : (
        <ErrorNotice code={error.code} message={error.message} />
      )}
    </div>
  );
}

import { VERSION } from '../../../src-main/base/version.ts';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import { dateTimeText } from '../../../src-main/wording/numbers.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Which PC Agent this is, its licences, and that it tells nobody anything. */
export function AboutSection() {
  const { words, language } = useSpeech();
  const { about } = words.screens.settings;
  const answer = useRequest('host.status', {});
  const status = answer.data;
  return (
    <SettingsSection title={about.title} hint={about.hint}>
      <dl className="facts">
        <dt>{about.version}</dt>
        <dd className="number">{status?.version ?? VERSION}</dd>
        <dt>{about.contract}</dt>
        <dd className="number">{CONTRACT_VERSION}</dd>
        <dt>{about.process}</dt>
        <dd className="number">{status?.pid ?? '–'}</dd>
        <dt>{about.started}</dt>
        <dd className="number">{status === undefined ? '–' : dateTimeText(status.startedAt, language)}</dd>
        <dt>{about.licences}</dt>
        <dd>{about.licencesText}</dd>
        <dt>{about.telemetry}</dt>
        <dd>{about.telemetryText}</dd>
      </dl>
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
    </SettingsSection>
  );
}

import { Link } from 'wouter';
import type { StorageView } from '../../../src-main/contract/journal-views.ts';
import { countText, sizeText } from '../../../src-main/wording/numbers.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Where what is kept lies, and the room there. */
export function StorageSection() {
  const { storage } = useSpeech().words.screens.settings;
  const packages = useHost((state) => state.packages.length, 0);
  const answer = useRequest('host.storage', {}, packages);
  return (
    <SettingsSection title={storage.title} hint={storage.hint}>
      {answer.data !== undefined && <StorageFacts view={answer.data} />}
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
      {answer.kind === 'loading' && answer.data === undefined && <Loading />}
      <Link href="/help/places">{storage.where}</Link>
    </SettingsSection>
  );
}

function StorageFacts({ view: { folder, packages, used, free, total } }: { readonly view: StorageView }) {
  const { words, language } = useSpeech();
  const { storage } = words.screens.settings;
  const percent = total === 0 ? 0 : Math.round(((total - free) / total) * 100);
  return (
    <>
      <dl className="facts">
        <dt>{storage.folder}</dt>
        <dd className="row">
          <code className="code" dir="ltr">
            {folder}
          </code>
          <CopyButton text={() => folder} />
        </dd>
        <dt>{storage.packages}</dt>
        <dd className="number">
          {storage.packagesOf(packages, countText(packages, language), sizeText(used, language))}
        </dd>
        <dt>{storage.free}</dt>
        <dd className="number">{storage.freeOf(sizeText(free, language), sizeText(total, language))}</dd>
      </dl>
      <div className="bar" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </div>
    </>
  );
}

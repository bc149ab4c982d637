import { HardDrive, WifiOff } from 'lucide-react';
import { useMemo } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { countText, sizeText } from '../../../src-main/wording/numbers.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { isStorageLow } from './storage-low.ts';

const NO_HANDSETS: KnownHandset[] = [];
const NOTHING = {};

/** Changes when what a handset could be given may be another. */
export function useReadinessVersion(): unknown {
  const packages = useHost((state) => state.packages, undefined);
  // One text: handsets are told anew with every session, and most of that does not matter here.
  const models = useHost(
    ({ handsets }) => handsets.map(({ device, model }) => `${device} ${model ?? ''}`).join('\n'),
    '',
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another object says that one of them is another
  return useMemo(() => ({}), [packages, models]);
}

/** The head of the screen: is there room, and is each connected phone provided for. */
export function PackagesSummary() {
  return (
    <div className="packages-summary">
      <OfflineReadiness />
      <Storage />
    </div>
  );
}

function OfflineReadiness() {
  const { words, language } = useSpeech();
  const { ready } = words.screens.packages;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const answer = useRequest('packages.readiness', NOTHING, useReadinessVersion());
  const attached = handsets.filter(({ presence }) => presence === 'attached');
  const rows = answer.data?.handsets ?? [];
  const lines = attached.map((handset) => {
    const row = rows.find(({ device }) => device === handset.device);
    const name = deviceName(handset);
    if (row === undefined) return { handset, text: ready.unknown(name), title: ready.unknownNext };
    const text = ready.count(name, row.ready, countText(row.ready, language));
    return { handset, text, title: row.ready === 0 ? ready.nothing : ready.hint };
  });
  return (
    <section className="packages-fact" aria-labelledby="packages-ready">
      <WifiOff aria-hidden="true" />
      <h2 id="packages-ready">{ready.title}</h2>
      <div>
        {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
        {attached.length === 0 && <p className="quiet">{ready.none}</p>}
        {attached.length > 0 && answer.data !== undefined && (
          <ul className="packages-phones">
            {lines.map(({ handset, text, title }) => (
              <li key={handset.device} title={title}>
                {text}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Storage() {
  const { words, language } = useSpeech();
  const { storage } = words.screens.packages;
  const packages = useHost((state) => state.packages, undefined);
  const answer = useRequest('host.storage', NOTHING, packages);
  const view = answer.data;
  const free = view === undefined ? '' : sizeText(view.free, language);
  return (
    <>
      <section className="packages-fact" aria-labelledby="packages-storage">
        <HardDrive aria-hidden="true" />
        <h2 id="packages-storage">{storage.title}</h2>
        <p className="number" title={view === undefined ? undefined : `${storage.folder}: ${view.folder}`}>
          {view !== undefined && storage.numbers(sizeText(view.used, language), free)}
        </p>
      </section>
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
      {view !== undefined && isStorageLow(view) && (
        <div className="packages-low">
          <Notice tone="needs-you" title={storage.low(free)}>
            <p>{storage.lowNext}</p>
          </Notice>
        </div>
      )}
    </>
  );
}

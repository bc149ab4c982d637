import { HardDrive, WifiOff } from 'lucide-react';
import { useMemo } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ReadinessRow, StorageView } from '../../../src-main/contract/journal-views.ts';
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
  const packages = useHost((state) => state.packages, undefined);
  const readiness = useRequest('packages.readiness', NOTHING, useReadinessVersion());
  const storage = useRequest('host.storage', NOTHING, packages);
  const error = readiness.kind === 'failed' ? readiness.error : storage.kind === 'failed' ? storage.error : undefined;
  return (
    <>
      <div className="packages-summary">
        <OfflineReadiness rows={readiness.data?.handsets} />
        <Storage view={storage.data} />
      </div>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      {storage.data !== undefined && isStorageLow(storage.data) && <LowStorage free={storage.data.free} />}
    </>
  );
}

function OfflineReadiness({ rows }: { readonly rows: readonly ReadinessRow[] | undefined }) {
  const { words, language } = useSpeech();
  const { ready } = words.screens.packages;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const attached = handsets.filter(({ presence }) => presence === 'attached');
  const lineOf = (handset: KnownHandset) => {
    const row = rows?.find(({ device }) => device === handset.device);
    const name = deviceName(handset);
    if (row === undefined) return { text: ready.unknown(name), title: ready.unknownNext };
    const text = ready.count(name, row.ready, countText(row.ready, language));
    return { text, title: row.ready === 0 ? ready.nothing : ready.hint };
  };
  return (
    <div className="packages-fact">
      <WifiOff aria-hidden="true" />
      <h2>{ready.title}</h2>
      {attached.length === 0 && <p className="quiet">{ready.none}</p>}
      {attached.length > 0 && rows !== undefined && (
        <ul className="packages-phones">
          {attached.map((handset) => {
            const { text, title } = lineOf(handset);
            return (
              <li key={handset.device} title={title}>
                {text}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function Storage({ view }: { readonly view: StorageView | undefined }) {
  const { words, language } = useSpeech();
  const { storage } = words.screens.packages;
  return (
    <div className="packages-fact">
      <HardDrive aria-hidden="true" />
      <h2>{storage.title}</h2>
      {view !== undefined && (
        <p className="number" title={`${storage.folder}: ${view.folder}`}>
          {storage.numbers(sizeText(view.used, language), sizeText(view.free, language))}
        </p>
      )}
    </div>
  );
}

function LowStorage({ free }: { readonly free: number }) {
  const { words, language } = useSpeech();
  const { storage } = words.screens.packages;
  return (
    <Notice tone="needs-you" title={storage.low(sizeText(free, language))}>
      <p>{storage.lowNext}</p>
    </Notice>
  );
}

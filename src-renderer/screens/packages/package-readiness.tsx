import { CircleCheck, CircleSlash } from 'lucide-react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { Badge } from '../../components/badge.tsx';
import { deviceName, deviceNumber } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { useReadinessVersion } from './packages-summary.tsx';

const NO_HANDSETS: KnownHandset[] = [];

/** For each known phone whether it could be given this package with no network, or why not. */
export function PackageReadiness({ id }: { readonly id: string }) {
  const { words } = useSpeech();
  const { ready } = words.screens.packages;
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const answer = useRequest('packages.readiness', { id }, useReadinessVersion());
  const rows = answer.data?.handsets;
  return (
    <section className="stack packages-ready" aria-labelledby="packages-detail-ready">
      <h3 id="packages-detail-ready">{ready.title}</h3>
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} />}
      {handsets.length === 0 && <p className="quiet">{ready.noHandsets}</p>}
      {rows !== undefined && (
        <ul>
          {handsets.map((handset) => (
            <ReadyLine
              key={handset.device}
              handset={handset}
              row={rows.find(({ device }) => device === handset.device)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function ReadyLine({
  handset,
  row,
}: {
  readonly handset: KnownHandset;
  readonly row: { readonly ready: number; readonly code?: string | undefined } | undefined;
}) {
  const { words, language } = useSpeech();
  const { ready } = words.screens.packages;
  const isReady = row !== undefined && row.code === undefined && row.ready > 0;
  const why = row?.code === undefined ? ready.unknownNext : errorText(row.code, language).what;
  return (
    <li>
      <span className="packages-ready-phone" title={deviceNumber(handset)}>
        {deviceName(handset)}
      </span>
      <Badge
        tone={isReady ? 'done' : 'idle'}
        icon={isReady ? CircleCheck : CircleSlash}
        text={isReady ? ready.yes : ready.no}
      />
      {!isReady && <p className="quiet small">{why}</p>}
    </li>
  );
}

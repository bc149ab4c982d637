import './network.css';
import { Network } from 'lucide-react';
import { useState } from 'react';
import type { LedgerRow } from '../../../src-main/contract/journal-views.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { HostTotals } from './host-totals.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { OfflineSwitch } from './offline-switch.tsx';

const NONE: readonly LedgerRow[] = [];

/** The offline switch, and every connection that was opened. */
export function NetworkScreen() {
  const { words, common } = useSpeech();
  const { network } = words.screens;
  const known = useHasState();
  const rows = useHost((state) => state.ledger, NONE);
  const [filter, setFilter] = useState('');
  return (
    <>
      <PageHeader title={common.places.network} hint={network.hint} />
      {known ? (
        <div className="network">
          <OfflineSwitch />
          {rows.length === 0 ? (
            <EmptyState icon={Network} title={network.emptyTitle} text={network.empty} />
          ) : (
            <>
              <HostTotals rows={rows} onHost={setFilter} />
              <LedgerTable rows={rows} filter={filter} onFilter={setFilter} />
            </>
          )}
        </div>
      ) : (
        <Loading />
      )}
    </>
  );
}

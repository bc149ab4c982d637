import './packages.css';
import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { FilePlus2, Globe, Package, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { type Sort, sortAfterPress } from '../../components/data-table-moves.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { AddPackagesDialog } from './add-packages-dialog.tsx';
import { FetchPackageDialog } from './fetch-package-dialog.tsx';
import { FetchTasks } from './fetch-tasks.tsx';
import { DropHint, useFileDrop } from './file-drop.tsx';
import { usePackageColumns } from './package-columns.tsx';
import { PackageDetailDialog, PackageDetailPanel } from './package-detail.tsx';
import { chosenPackages, type PackageChoice, type PackageColumn, sortedPackages } from './package-rows.ts';
import { PackagesSummary } from './packages-summary.tsx';
import { PackagesToolbar } from './packages-toolbar.tsx';
import { RemovePackageDialog } from './remove-package-dialog.tsx';
import { useVerifyAll, VerifyAll, VerifyAllResult } from './verify-all.tsx';

const NONE: readonly PackageView[] = [];
const FIRST_SORT: Sort<PackageColumn> = { column: 'name', direction: 'ascending' };
const ALL: PackageChoice = { text: '', state: 'all', sort: FIRST_SORT };
/** From here on the details have room beside the table. */
const WIDE = '(width >= 74rem)';

type OpenDialog =
  | { readonly kind: 'add'; readonly files: readonly File[] }
  | { readonly kind: 'fetch' }
  | { readonly kind: 'remove'; readonly package: PackageView; readonly again: boolean };

/** What this computer keeps, and whether it is good. */
export function PackagesScreen() {
  const { words, common, language } = useSpeech();
  const text = words.screens.packages;
  const packages = useHost((state) => state.packages, NONE as PackageView[]);
  const known = useHasState();
  const [choice, setChoice] = useState(ALL);
  const [openId, setOpenId] = useState<string | undefined>();
  const [dialog, setDialog] = useState<OpenDialog | undefined>();
  const deferred = useDeferredValue(choice);
  const { sort } = deferred;
  const sorted = useMemo(() => sortedPackages(packages, sort, language), [packages, sort, language]);
  const rows = useMemo(() => chosenPackages(sorted, deferred), [sorted, deferred]);
  const open = packages.find(({ id }) => id === openId);
  const columns = usePackageColumns();
  const wide = useMediaQuery(WIDE, window.matchMedia(WIDE).matches) ?? true;
  const verifyAll = useVerifyAll();
  const chooser = useRef<HTMLInputElement>(null);
  const addFiles = (files: readonly File[]) => {
    if (files.length > 0) setDialog({ kind: 'add', files });
  };
  const dragging = useFileDrop(addFiles, dialog === undefined);
  const detail = {
    onRemove: (view: PackageView, again: boolean) => setDialog({ kind: 'remove', package: view, again }),
    onClose: () => setOpenId(undefined),
  };
  const actions = (
    <>
      <Button
        variant="default"
        leftSection={<Globe size="1.1em" aria-hidden="true" />}
        onClick={() => setDialog({ kind: 'fetch' })}
      >
        {text.fetch}
      </Button>
      <Button leftSection={<FilePlus2 size="1.1em" aria-hidden="true" />} onClick={() => chooser.current?.click()}>
        {text.add}
      </Button>
    </>
  );

  return (
    <div className="packages">
      <PageHeader title={common.places.packages} hint={text.hint}>
        {packages.length > 0 && (
          <>
            <VerifyAll verify={verifyAll} />
            {actions}
          </>
        )}
      </PageHeader>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          addFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <PackagesSummary />
      <FetchTasks />
      <VerifyAllResult verify={verifyAll} />
      {!known && <Loading />}
      {known && packages.length === 0 && (
        <EmptyState icon={Package} title={text.empty.title} text={text.empty.text}>
          {actions}
        </EmptyState>
      )}
      {packages.length > 0 && (
        <div className="packages-body">
          <div className="packages-list">
            <PackagesToolbar packages={packages} shown={rows.length} choice={choice} onChoice={setChoice} />
            {rows.length === 0 ? (
              <EmptyState icon={SearchX} title={text.noneFound.title} text={text.noneFound.text}>
                <Button variant="default" onClick={() => setChoice(ALL)}>
                  {text.filter.clear}
                </Button>
              </EmptyState>
            ) : (
              <PackageTable
                {...{ columns, rows, choice, setChoice, open: openId }}
                onOpen={({ id }) => setOpenId(id)}
              />
            )}
          </div>
          {wide && open !== undefined && <PackageDetailPanel key={open.id} view={open} {...detail} />}
        </div>
      )}
      {!wide && open !== undefined && dialog === undefined && <PackageDetailDialog view={open} {...detail} />}
      {dialog?.kind === 'add' && <AddPackagesDialog files={dialog.files} onClose={() => setDialog(undefined)} />}
      {dialog?.kind === 'fetch' && <FetchPackageDialog onClose={() => setDialog(undefined)} />}
      {dialog?.kind === 'remove' && (
        <RemovePackageDialog
          view={dialog.package}
          again={dialog.again}
          onClose={() => setDialog(undefined)}
          onRemoved={() => {
            setOpenId(undefined);
            setDialog(dialog.again ? { kind: 'fetch' } : undefined);
          }}
        />
      )}
      {dragging && <DropHint />}
    </div>
  );
}

interface PackageTableProps {
  readonly columns: readonly Column<PackageView>[];
  readonly rows: readonly PackageView[];
  readonly choice: PackageChoice;
  readonly setChoice: (choice: PackageChoice) => void;
  readonly open: string | undefined;
  readonly onOpen: (view: PackageView) => void;
}

function PackageTable({ columns, rows, choice, setChoice, open, onOpen }: PackageTableProps) {
  const { words } = useSpeech();
  return (
    <DataTable
      label={words.screens.packages.table}
      columns={columns}
      rows={rows}
      keyOf={idOf}
      open={open}
      onOpen={onOpen}
      sort={choice.sort}
      onSort={(column) => setChoice({ ...choice, sort: sortAfterPress(choice.sort, column as PackageColumn) })}
    />
  );
}

function idOf({ id }: PackageView): string {
  return id;
}

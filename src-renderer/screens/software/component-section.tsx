import { Button } from '@mantine/core';
import { ArrowUpCircle, CircleCheck } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ComponentView, PackageView } from '../../../src-main/contract/results.ts';
import { countText, dateTimeText } from '../../../src-main/wording/numbers.ts';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { OpenDialog } from '../handsets/dialogs.ts';
import { ComponentTable } from './component-table.tsx';
import { softwareRows, updatePackages } from './reading.ts';

/** From so many on a person looks for one by its name. */
const MANY = 12;
const NO_PACKAGES: PackageView[] = [];

interface ComponentSectionProps {
  readonly handset: KnownHandset;
  readonly components: readonly ComponentView[];
  readonly readAt: string | undefined;
  /** Nothing goes on with the handset. */
  readonly idle: boolean;
  readonly open: OpenDialog;
}

/** The components of a handset: how many, when that was read, what is newer, and the list. */
export function ComponentSection({ handset, components, readAt, idle, open }: ComponentSectionProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.software;
  const packages = useHost((state) => state.packages, NO_PACKAGES);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const { model, device } = handset;
  const all = useMemo(() => softwareRows(components, packages, model), [components, packages, model]);
  const rows = useMemo(
    () => (wanted === '' ? all : softwareRows(components, packages, model, wanted)),
    [all, components, packages, model, wanted],
  );
  const newer = updatePackages(all);
  const count = speech.count(components.length, countText(components.length, language));
  return (
    <>
      <div className="software-line">
        <p className="small quiet number">
          {readAt === undefined ? count : speech.readAt(count, dateTimeText(readAt, language))}
        </p>
        {components.length > 0 && newer.length === 0 && (
          <p className="small software-newest">
            <CircleCheck aria-hidden="true" />
            {speech.newest}
          </p>
        )}
        {newer.length > 0 && (
          <Button
            size="compact-sm"
            leftSection={<ArrowUpCircle size="1.1em" aria-hidden="true" />}
            aria-disabled={!idle}
            onClick={idle ? () => open({ kind: 'update', device, packages: newer }) : undefined}
          >
            {speech.updateAll(newer.length, countText(newer.length, language))}
          </Button>
        )}
      </div>
      {components.length >= MANY && (
        <input
          type="search"
          className="text-field software-search"
          aria-label={speech.search}
          placeholder={speech.search}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {components.length === 0 && <p>{speech.none}</p>}
      {components.length > 0 && rows.length === 0 && <p role="status">{speech.noMatch}</p>}
      {rows.length > 0 && <ComponentTable handset={handset} rows={rows} idle={idle} open={open} />}
    </>
  );
}

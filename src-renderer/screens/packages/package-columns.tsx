import { useMemo } from 'react';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { dateTimeText, sizeText } from '../../../src-main/wording/numbers.ts';
import type { Column } from '../../components/data-table.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { packageState, sourceText } from './package-rows.ts';

/** The columns of the packages' table, the most needed first to stay when there is little room. */
export function usePackageColumns(): readonly Column<PackageView>[] {
  const { words, language } = useSpeech();
  const { columns, anyModel } = words.screens.packages;
  return useMemo(
    () => [
      {
        id: 'name',
        title: columns.name,
        sortable: true,
        cell: ({ name, id }) => (
          <span title={name === id ? name : `${name}\n${id}`}>
            <strong>{name}</strong>
            {name !== id && <span className="quiet small"> {id}</span>}
          </span>
        ),
      },
      {
        ...{ id: 'version', title: columns.version, width: '6.5rem', from: 'small', sortable: true },
        cell: ({ version }) => (
          <span className="number" title={version}>
            {version}
          </span>
        ),
      },
      {
        ...{ id: 'state', title: columns.state, width: '9.5rem', sortable: true },
        cell: (view) => <StateBadge state={packageState(view)} />,
      },
      {
        ...{ id: 'size', title: columns.size, width: '6.5rem', from: 'small', align: 'end', sortable: true },
        cell: ({ size }) => sizeText(size, language),
      },
      {
        ...{ id: 'model', title: columns.model, width: '10rem', from: 'medium', sortable: true },
        cell: ({ model }) =>
          model === undefined ? <span className="quiet">{anyModel}</span> : <span title={model}>{model}</span>,
      },
      {
        ...{ id: 'source', title: columns.source, from: 'wide', sortable: true },
        cell: ({ source }) => (
          <span className="quiet" title={source}>
            {source === undefined ? '' : sourceText(source)}
          </span>
        ),
      },
      {
        ...{ id: 'added', title: columns.added, width: '10.5rem', from: 'wide', sortable: true },
        cell: ({ addedAt }) => (
          <span className="quiet number">{addedAt === undefined ? '' : dateTimeText(addedAt, language)}</span>
        ),
      },
    ],
    [columns, anyModel, language],
  );
}

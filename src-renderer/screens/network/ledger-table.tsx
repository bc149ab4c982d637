import { Button } from '@mantine/core';
import { memo, useRef, useState } from 'react';
import { LEDGER_ROWS } from '../../../src-main/contract/host-state.ts';
import type { LedgerRow } from '../../../src-main/contract/journal-views.ts';
import { countText, dateTimeText, sizeText, timeText } from '../../../src-main/wording/numbers.ts';
import { FilterField } from '../../components/filter-field.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { placeOf, rowsShown, wordFor } from './ledger-rows.ts';

/** Enough to see what goes on; the rest on demand. */
const FIRST_ROWS = 100;

interface LedgerTableProps {
  readonly rows: readonly LedgerRow[];
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

/** Every outgoing connection, newest first. */
export function LedgerTable({ rows, filter, onFilter }: LedgerTableProps) {
  const { words, common, language } = useSpeech();
  const { network } = words.screens;
  const [all, setAll] = useState(false);
  const keys = useKeys();
  const textOf = (row: LedgerRow) =>
    [placeOf(row), wordFor(network.purposes, row.purpose), wordFor(network.initiators, row.initiator)].join(' ');
  const matching = rowsShown(rows, filter, textOf);
  const shown = all ? matching : matching.slice(0, FIRST_ROWS);
  const number = (value: number) => countText(value, language);
  const { at, host, purpose, initiator, out, in: into } = network.columns;
  return (
    <section className="stack" aria-labelledby="ledger-title">
      <div className="ledger-head">
        <h2 id="ledger-title">{network.connections}</h2>
        <FilterField className="field ledger-filter" label={network.filter} value={filter} onChange={onFilter} />
      </div>
      <div className="row quiet small">
        <span className="number">{network.shown(matching.length, number(matching.length), number(rows.length))}</span>
        {rows.length >= LEDGER_ROWS && <span>{network.recent(number(LEDGER_ROWS))}</span>}
        {filter !== '' && (
          <Button variant="subtle" size="compact-sm" onClick={() => onFilter('')}>
            {network.clear}
          </Button>
        )}
      </div>
      {matching.length === 0 ? (
        <p className="quiet">{network.noneShown}</p>
      ) : (
        <div className="ledger-scroll">
          <table className="ledger" aria-labelledby="ledger-title">
            <thead>
              <tr>
                <th scope="col">{at}</th>
                <th scope="col">{host}</th>
                <th scope="col">{purpose}</th>
                <th scope="col">{initiator}</th>
                <th scope="col" className="ledger-number">
                  {out}
                </th>
                <th scope="col" className="ledger-number">
                  {into}
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Connection key={keys(row)} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length < matching.length && (
        <div className="row">
          <Button variant="default" onClick={() => setAll(true)}>
            {common.showAll}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Rows never differ once they are there, so a new one draws only itself. */
const Connection = memo(function Connection({ row }: { readonly row: LedgerRow }) {
  const { words, language } = useSpeech();
  const { purposes, initiators } = words.screens.network;
  return (
    <tr>
      <td className="ledger-time">
        <time dateTime={row.at} title={dateTimeText(row.at, language)}>
          {timeText(row.at, language)}
        </time>
      </td>
      <td className="ledger-place">{placeOf(row)}</td>
      <td>{wordFor(purposes, row.purpose)}</td>
      <td>{wordFor(initiators, row.initiator)}</td>
      <td className="ledger-number">{sizeText(row.bytesOut, language)}</td>
      <td className="ledger-number">{sizeText(row.bytesIn, language)}</td>
    </tr>
  );
});

/** A number for each row, since nothing in it names it. */
function useKeys(): (row: LedgerRow) => number {
  const keys = useRef(new WeakMap<LedgerRow, number>());
  const last = useRef(0);
  return (row) => {
    const known = keys.current.get(row);
    if (known !== undefined) return known;
    last.current += 1;
    keys.current.set(row, last.current);
    return last.current;
  };
}

import type { LedgerRow } from '../../../src-main/contract/journal-views.ts';
import { countText, sizeText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { type HostTotal, totalsOf } from './ledger-rows.ts';

interface HostTotalsProps {
  readonly rows: readonly LedgerRow[];
  readonly onHost: (host: string) => void;
}

/** What went to each host, and to all of them. */
export function HostTotals({ rows, onHost }: HostTotalsProps) {
  const { words, language } = useSpeech();
  const { totals: text, columns } = words.screens.network;
  const totals = totalsOf(rows);
  const sum: HostTotal = {
    host: text.sum,
    connections: rows.length,
    bytesOut: totals.reduce((all, { bytesOut }) => all + bytesOut, 0),
    bytesIn: totals.reduce((all, { bytesIn }) => all + bytesIn, 0),
  };
  const numbers = ({ connections, bytesOut, bytesIn }: HostTotal) => (
    <>
      <td className="ledger-number">{countText(connections, language)}</td>
      <td className="ledger-number">{sizeText(bytesOut, language)}</td>
      <td className="ledger-number">{sizeText(bytesIn, language)}</td>
    </>
  );
  return (
    <section className="stack" aria-labelledby="totals-title">
      <h2 id="totals-title">{text.title}</h2>
      <div className="ledger-scroll">
        <table className="ledger ledger-totals" aria-labelledby="totals-title">
          <thead>
            <tr>
              <th scope="col">{text.host}</th>
              <th scope="col" className="ledger-number">
                {text.connections}
              </th>
              <th scope="col" className="ledger-number">
                {columns.out}
              </th>
              <th scope="col" className="ledger-number">
                {columns.in}
              </th>
            </tr>
          </thead>
          <tbody>
            {totals.map((total) => (
              <tr key={total.host}>
                <th scope="row">
                  <button
                    type="button"
                    className="link-button"
                    aria-label={text.only(total.host)}
                    onClick={() => onHost(total.host)}
                  >
                    {total.host}
                  </button>
                </th>
                {numbers(total)}
              </tr>
            ))}
          </tbody>
          {totals.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row">{sum.host}</th>
                {numbers(sum)}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}

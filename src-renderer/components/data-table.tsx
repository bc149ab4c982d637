import './data-table.css';
import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  Fragment,
  type KeyboardEvent,
  memo,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { drawnRows, rowAfterKey, type Sort } from './data-table-moves.ts';
import { useRem } from './use-rem.ts';

const ROW_REM = 2.5;
const OVERSCAN = 6;
/** More is asked for when so many rows are left below those in view. */
const NEAR_END = 100;

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** As CSS writes it; absent: a share of what is left. */
  readonly width?: string;
  /** Only where the table is so wide. */
  readonly from?: 'small' | 'medium' | 'wide';
  readonly align?: 'end';
  readonly sortable?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** What it is a table of. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen: (row: Row) => void;
  /** Key of the row that is open. */
  readonly open?: string | undefined;
  readonly sort?: Sort | undefined;
  readonly onSort?: (column: string) => void;
  /** Rows beyond the last can be asked for. */
  readonly more?: boolean;
  readonly onNearEnd?: () => void;
}

/**
 * A table of thousands of rows, of which only those in view are drawn: a grid to who listens, with one stop for Tab,
 * arrow keys between rows and Enter to open one.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, onOpen, open, sort, onSort, more = false, onNearEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const height = Math.round(useRem() * ROW_REM);
  const { active, moveTo, setFocused } = useActiveRow(rows, keyOf, box);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    getItemKey: (index) => keyAt(rows, index, keyOf),
    rangeExtractor: (range) => drawnRows(defaultRangeExtractor(range), active),
    overscan: OVERSCAN,
    // The head stays above the rows.
    scrollMargin: height,
    scrollPaddingStart: height,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew when a letter has another size
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  useNearEnd(virtual.range?.endIndex ?? 0, rows.length, more ? onNearEnd : undefined);

  const pressed = (event: KeyboardEvent, row: Row) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(row);
      return;
    }
    const page = Math.floor((box.current?.clientHeight ?? 0) / height) - 2;
    const next = rowAfterKey(event.key, active, rows.length, page);
    if (next === undefined) return;
    event.preventDefault();
    virtual.scrollToIndex(next, { align: 'auto' });
    moveTo(next);
  };

  return (
    <div className="data-table" ref={box}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: arrow keys go between the rows of this table
        role="grid"
        aria-label={label}
        aria-rowcount={more ? -1 : rows.length + 1}
        style={{ '--row': `${height}px` } as object}
      >
        <Head columns={columns} sort={sort} onSort={onSort} />
        <tbody onFocus={() => setFocused(true)} onBlur={(event) => setFocused(event.relatedTarget === null)}>
          {items.map((item, place) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const gap = gapBefore(item, items[place - 1], height);
            return (
              <Fragment key={item.key}>
                {gap > 0 && <Gap height={gap} columns={columns.length} />}
                <tr
                  data-index={item.index}
                  aria-rowindex={item.index + 2}
                  aria-selected={keyOf(row) === open}
                  tabIndex={item.index === active ? 0 : -1}
                  onFocus={() => moveTo(item.index, false)}
                  onClick={() => onOpen(row)}
                  onKeyDown={(event) => pressed(event, row)}
                >
                  <Cells columns={columns as readonly Column<unknown>[]} row={row} />
                </tr>
              </Fragment>
            );
          })}
          <Gap height={height + virtual.getTotalSize() - (items.at(-1)?.end ?? height)} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

/** While the table scrolls, a row that stays is not drawn again. */
const Cells = memo(function Cells({
  columns,
  row,
}: {
  readonly columns: readonly Column<unknown>[];
  readonly row: unknown;
}) {
  return columns.map(({ id, from, align, cell }) => (
    <td key={id} data-from={from} data-align={align}>
      {cell(row)}
    </td>
  ));
});

function Head<Row>({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort | undefined;
  readonly onSort: ((column: string) => void) | undefined;
}) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ id, title, width, from, align, sortable = false }) => {
          const sorted = sort?.column === id ? sort.direction : 'none';
          return (
            <th
              key={id}
              scope="col"
              data-from={from}
              data-align={align}
              style={width === undefined ? undefined : { width }}
              aria-sort={sortable ? sorted : undefined}
            >
              {sortable ? (
                <button type="button" onClick={() => onSort?.(id)}>
                  {title}
                  {sorted === 'descending' ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />}
                </button>
              ) : (
                title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** The room of rows that are not drawn. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <tr aria-hidden="true" className="data-table-gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function gapBefore(item: VirtualItem, before: VirtualItem | undefined, head: number): number {
  return item.start - (before?.end ?? head);
}

function keyAt<Row>(rows: readonly Row[], index: number, keyOf: (row: Row) => string): string {
  const row = rows[index];
  return row === undefined ? String(index) : keyOf(row);
}

/** The one row that Tab leads to. It is known by its key, so that it stays the same when rows come and go around it. */
function useActiveRow<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  box: { readonly current: HTMLElement | null },
) {
  const [mark, setMark] = useState<{ readonly key: string; readonly index: number } | undefined>();
  const wanted = useRef(false);
  const focused = useRef(false);
  const found = mark === undefined ? -1 : rows.findIndex((row) => keyOf(row) === mark.key);
  // Its place is that of before it went, not of when it was gone to.
  if (mark !== undefined && found >= 0 && found !== mark.index) setMark({ key: mark.key, index: found });
  const active = found >= 0 ? found : Math.min(mark?.index ?? 0, rows.length - 1);
  useLayoutEffect(() => {
    // A row that had the focus and is gone leaves it to the one that took its place.
    const orphaned = focused.current && document.activeElement === document.body;
    if (!wanted.current && !orphaned) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (row === null || row === undefined) return;
    wanted.current = false;
    row.focus({ preventScroll: true });
  });
  const moveTo = (index: number, focus = true) => {
    if (focus) wanted.current = true;
    const key = keyAt(rows, index, keyOf);
    setMark((before) => (before?.key === key && before.index === index ? before : { key, index }));
    if (focus && index === active) wanted.current = false;
  };
  const setFocused = (value: boolean) => {
    focused.current = value;
  };
  return { active, moveTo, setFocused };
}

function useNearEnd(end: number, count: number, onNearEnd: (() => void) | undefined): void {
  const near = count > 0 && end + NEAR_END >= count;
  useEffect(() => {
    if (near) onNearEnd?.();
  }, [near, onNearEnd]);
}

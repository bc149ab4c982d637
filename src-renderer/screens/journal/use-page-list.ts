import { useCallback, useEffect, useRef, useState } from 'react';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import { useConnection, useHost } from '../../host/host-context.tsx';
import { agentError } from '../../host/use-request.ts';
import { firstOf, type Page, type PageList, withFreshShown, withNewest, withPage } from './page-list.ts';

/** Reads one page. `before`: absent for the newest. */
export type ReadPage<Row> = (before: number | undefined, signal: AbortSignal) => Promise<Page<Row>>;

export interface PagedRows<Row> {
  /** `undefined` until the first page is there. */
  readonly list: PageList<Row> | undefined;
  readonly loading: boolean;
  readonly error: PcAgentError | undefined;
  /** Asks for the page after the last, unless it is on its way. */
  readonly loadMore: () => void;
  readonly showFresh: () => void;
  readonly retry: () => void;
}

/** After a change of the journal: several come at once. */
const SETTLE_TIME = 300;

/**
 * A list of the journal: its first page at once, the others as they are asked for, and a look at the newest whenever
 * the journal says that something is new.
 * @param read another function begins the list anew
 */
export function usePageList<Row>(read: ReadPage<Row>, keyOf: (row: Row) => string): PagedRows<Row> {
  const live = useConnection().kind === 'live';
  const journal = useHost((state) => state.journal, 0);
  const [turn, setTurn] = useState(0);
  const [list, setList] = useState<PageList<Row> | undefined>();
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<PcAgentError | undefined>();
  const run = useRef(new AbortController());
  const asked = useRef<number | undefined>(undefined);
  const seen = useRef(journal);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that it begins anew
  useEffect(() => {
    if (!live) return;
    const stop = new AbortController();
    run.current = stop;
    asked.current = undefined;
    setLoading(true);
    setError(undefined);
    read(undefined, stop.signal).then(
      (page) => {
        setList(firstOf(page));
        setLoading(false);
      },
      (failure: unknown) => fail(failure, stop.signal),
    );
    return () => stop.abort();
  }, [read, live, turn]);

  const fail = (failure: unknown, signal: AbortSignal) => {
    if (signal.aborted) return;
    setError(agentError(failure));
    setLoading(false);
    asked.current = undefined;
  };

  const isThere = list !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `fail` is the same in every run
  useEffect(() => {
    if (!live || !isThere || journal === seen.current) return;
    const { signal } = run.current;
    const timer = setTimeout(() => {
      seen.current = journal;
      read(undefined, signal).then(
        (page) => setList((before) => (before === undefined ? before : withNewest(before, page, keyOf))),
        (failure: unknown) => fail(failure, signal),
      );
    }, SETTLE_TIME);
    return () => clearTimeout(timer);
  }, [journal, live, isThere, read, keyOf]);

  const next = list?.next;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `fail` is the same in every run
  const loadMore = useCallback(() => {
    if (next === undefined || asked.current === next) return;
    asked.current = next;
    const { signal } = run.current;
    read(next, signal).then(
      (page) => setList((before) => (before === undefined ? before : withPage(before, page, keyOf))),
      (failure: unknown) => fail(failure, signal),
    );
  }, [next, read, keyOf]);

  const retry = useCallback(() => setTurn((before) => before + 1), []);
  const showFresh = useCallback(() => {
    if (list?.gap === true) retry();
    else setList((before) => (before === undefined ? before : withFreshShown(before)));
  }, [list?.gap, retry]);
  return { list, loading, error, loadMore, showFresh, retry };
}

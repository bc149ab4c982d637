import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { DmsJobView } from '../../../src-main/contract/software-views.ts';
import type { HostClient } from '../../host/host-client.ts';
import { useConnection, useHost, useHostClient } from '../../host/host-context.tsx';
import { isWaiting } from './job-words.ts';
import { MOST_JOBS } from './with-job.ts';

/** A server is asked so often at most: the line on a card is a hint, no display. In milliseconds. */
const ASK_EVERY = 300_000;
const NONE: readonly DmsJobView[] = [];

/** Jobs that wait at one DM server, for all cards together. */
class WaitingBoard {
  #jobs: readonly DmsJobView[] = NONE;
  #askedAt = Number.NEGATIVE_INFINITY;
  #version = '';
  readonly #listeners = new Set<() => void>();

  readonly jobs = (): readonly DmsJobView[] => this.#jobs;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** @param version another one: something has happened since, so it is asked though it was asked lately */
  ask(client: HostClient, dms: string, version: string): void {
    const now = performance.now();
    if (this.#version === version && now - this.#askedAt < ASK_EVERY) return;
    this.#version = version;
    this.#askedAt = now;
    client.request('dms.jobs', { dms, limit: MOST_JOBS }).then(
      ({ jobs }) => this.#set(jobs.filter(isWaiting)),
      // A server that has no list, or is not there: the card says nothing of its jobs.
      () => this.#set(NONE),
    );
  }

  #set(jobs: readonly DmsJobView[]): void {
    this.#jobs = jobs;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Each connection to a host has its boards, by server. */
const BOARDS = new WeakMap<HostClient, Map<string, WaitingBoard>>();

function boardOf(client: HostClient, dms: string): WaitingBoard {
  const boards = BOARDS.get(client) ?? new Map<string, WaitingBoard>();
  BOARDS.set(client, boards);
  const board = boards.get(dms) ?? new WaitingBoard();
  boards.set(dms, board);
  return board;
}

/** The jobs that wait at a DM server; asked rarely, and again when a handset was worked with. */
export function useWaitingJobs(dms: string): readonly DmsJobView[] {
  const client = useHostClient();
  const live = useConnection().kind === 'live';
  const board = useMemo(() => boardOf(client, dms), [client, dms]);
  const version = useHost(({ tasks }) => tasks.findLast(({ name, end }) => name === 'sync' && end)?.id ?? '', '');
  useEffect(() => {
    if (!live) return;
    const ask = () => board.ask(client, dms, version);
    ask();
    const timer = setInterval(ask, ASK_EVERY);
    return () => clearInterval(timer);
  }, [board, client, dms, live, version]);
  return useSyncExternalStore(board.subscribe, board.jobs);
}

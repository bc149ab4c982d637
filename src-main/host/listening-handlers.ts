import type { Listening } from '../operations/listening/listening.ts';
import type { Handlers } from './request-desk.ts';

type ListeningRequests = 'listeners.list' | 'listeners.set' | 'callers.list' | 'callers.answer' | 'callers.forget';

/** The ways in for handsets that call, and those who call. */
export function listeningHandlers(listening: Listening): Pick<Handlers, ListeningRequests> {
  return {
    'listeners.list': async () => listening.list(),
    'listeners.set': (params) => listening.set(params),
    'callers.list': async () => listening.callers(),
    'callers.answer': (params) => listening.answer(params),
    'callers.forget': (params) => listening.forget(params),
  };
}

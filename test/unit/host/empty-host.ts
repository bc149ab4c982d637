import type { HostState } from '../../../src-main/contract/host-state.ts';
import { REQUESTS } from '../../../src-main/contract/requests.ts';
import type { Handlers } from '../../../src-main/host/request-desk.ts';

/** A host that knows nothing. */
export const EMPTY_STATE: HostState = {
  offline: false,
  handsets: [],
  attachments: [],
  profiles: [],
  packages: [],
  tasks: [],
  sessions: [],
  prompts: [],
  ledger: [],
  listeners: [],
  callers: [],
  reportsWaiting: 0,
  journal: 0,
};

/** Answers nothing but what a test puts in. */
export function noHandlers(): Handlers {
  const refuse = async () => {
    throw new TypeError('this test asks for nothing');
  };
  return Object.fromEntries(Object.keys(REQUESTS).map((name) => [name, refuse])) as unknown as Handlers;
}

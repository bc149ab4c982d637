import { once } from 'node:events';
import type { ResultOf } from '../contract/requests.ts';
import type { HostConnection } from './connection.ts';
import type { RequestDesk } from './request-desk.ts';
import type { StateFeed } from './state-feed.ts';

/** The host as the face sees it that is in the same process. */
export function ownConnection(desk: RequestDesk, feed: StateFeed): HostConnection {
  return {
    pid: process.pid,
    own: true,
    request: async (name, params, options) => (await desk.run(name, params, options, true)) as ResultOf<typeof name>,
    async follow(onUpdate, signal) {
      const end = feed.follow(onUpdate);
      try {
        if (!signal.aborted) await once(signal, 'abort');
      } finally {
        end();
      }
    },
  };
}

import type { Host } from './host.ts';
import type { FaceDoor } from './port-host.ts';

/** Faces get in at the host of this process; they may name files of this machine. */
export function ownDoor(host: Pick<Host, 'face' | 'leave' | 'close'>): FaceDoor {
  return {
    own: true,
    // It is lost with the process only.
    lost: new Promise(() => undefined),
    open: (exit) =>
      host.face({ send: (frame) => exit.send(JSON.stringify(frame)), close: () => exit.dropped() }, { local: true }),
    async close(signal) {
      await host.leave(signal).finally(() => host.close());
    },
  };
}

import { assertNever } from '../base/errors.ts';
import { type FromHostProcess, ToHostProcess } from '../contract/shell-messages.ts';

/** `process.parentPort` of a utility process, or anything like it. */
export interface HostPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown;
  postMessage(message: FromHostProcess): void;
}

/** How text gets from the host to one face. */
export interface FaceExit {
  send(text: string): void;
  /** The host has ended the connection. */
  dropped(): void;
}

/** One face's way in. */
export interface FaceEntrance {
  receive(text: string): void;
  closed(): void;
}

/** Where faces get in: this process's own host, or one that ran already. */
export interface FaceDoor {
  /** This process is the host. */
  readonly own: boolean;
  open(exit: FaceExit): FaceEntrance;
  /** Resolves when there is no host behind it any more. */
  readonly lost: Promise<void>;
  /** Finishes what is under way, or breaks it off when `signal` is aborted. */
  close(signal: AbortSignal): Promise<void>;
}

/** Faces on one port; a shell has one a window and one of its own. */
const MAX_FACES = 64;

/**
 * Serves the contract to the faces on a port.
 * @returns resolves when the shell asked for the end; `lost` when the host behind the door has gone
 */
export async function servePort(port: HostPort, door: FaceDoor): Promise<'end' | 'lost'> {
  const faces = new Map<number, FaceEntrance>();
  const ended = Promise.withResolvers<'end'>();
  const receive = (message: ToHostProcess): void => {
    switch (message.kind) {
      case 'frame':
        return void entranceOf(message.face)?.receive(message.text);
      case 'gone':
        faces.get(message.face)?.closed();
        faces.delete(message.face);
        return;
      case 'bearers-gone':
        // It is heard by those that had it started (`shell-bearers`).
        return;
      case 'end':
        return void ended.resolve('end');
      default:
        assertNever(message);
    }
  };
  const entranceOf = (face: number): FaceEntrance | undefined => {
    const known = faces.get(face);
    if (known !== undefined || faces.size >= MAX_FACES) return known;
    const entrance = door.open({
      send: (text) => {
        if (faces.has(face)) port.postMessage({ kind: 'frame', face, text });
      },
      dropped: () => {
        if (faces.delete(face)) port.postMessage({ kind: 'dropped', face });
      },
    });
    faces.set(face, entrance);
    return entrance;
  };
  port.on('message', ({ data }) => {
    const message = ToHostProcess.safeParse(data);
    if (message.success) receive(message.data);
  });
  port.postMessage({ kind: 'ready', own: door.own });
  const how = await Promise.race([ended.promise, door.lost.then(() => 'lost' as const)]);
  for (const entrance of faces.values()) if (how === 'lost') entrance.closed();
  return how;
}

import { Hello, MAX_FACE_FRAME } from '../contract/frames.ts';
import type { ToHostProcess } from '../contract/shell-messages.ts';

/** Where a face's frames come from and go to: a window's page, or the shell itself. */
export interface FaceEnd {
  frame(text: string): void;
  /** There is no connection any more; a `hello` makes a new one. */
  lost(): void;
}

export interface FaceRelayOptions {
  /** The host's process serves faces now. */
  readonly isReady: () => boolean;
  readonly send: (message: ToHostProcess) => void;
}

/** What may wait for a host that is being started, in bytes; a page says little before it was welcomed. */
const MAX_WAITING = 4 * MAX_FACE_FRAME;
/** A `hello` is short (contract, `Hello`). */
const MAX_HELLO = 1000;

interface Face {
  number: number;
  readonly end: FaceEnd;
  waiting: string[];
  waitingBytes: number;
}

/** Passes frames on, unread but for a page's first, to the one host process: one face for each end. */
export class FaceRelay {
  readonly #options: FaceRelayOptions;
  readonly #faces = new Map<FaceEnd, Face>();
  readonly #byNumber = new Map<number, Face>();
  #last = 0;

  constructor(options: FaceRelayOptions) {
    this.#options = options;
  }

  /** A frame from this end. */
  take(end: FaceEnd, text: string): void {
    if (Buffer.byteLength(text) > MAX_FACE_FRAME) return void this.#lose(end);
    // A page that was loaded anew, or gave its connection up, begins again.
    if (isHello(text)) this.close(end);
    const face = this.#faces.get(end) ?? this.#open(end);
    if (this.#options.isReady()) return void this.#options.send({ kind: 'frame', face: face.number, text });
    face.waiting.push(text);
    face.waitingBytes += text.length;
    if (face.waitingBytes > MAX_WAITING) this.#lose(end);
  }

  /** This end has gone, or begins anew: the host breaks off what it asked for. */
  close(end: FaceEnd): void {
    const face = this.#faces.get(end);
    if (face === undefined) return;
    this.#faces.delete(end);
    this.#byNumber.delete(face.number);
    if (this.#options.isReady()) this.#options.send({ kind: 'gone', face: face.number });
  }

  /** The host serves: it gets what waited. */
  hostReady(): void {
    for (const face of this.#faces.values()) {
      for (const text of face.waiting.splice(0)) {
        this.#options.send({ kind: 'frame', face: face.number, text });
      }
      face.waitingBytes = 0;
    }
  }

  /** A frame of the host for the face of this number. */
  give(number: number, text: string): void {
    this.#byNumber.get(number)?.end.frame(text);
  }

  dropped(number: number): void {
    const face = this.#byNumber.get(number);
    if (face === undefined) return;
    this.#faces.delete(face.end);
    this.#byNumber.delete(number);
    face.end.lost();
  }

  /** The host's process has ended; what waits for the next one goes on waiting. */
  hostLost(): void {
    for (const face of [...this.#faces.values()]) if (face.waiting.length === 0) this.dropped(face.number);
  }

  #open(end: FaceEnd): Face {
    this.#last += 1;
    const face: Face = { number: this.#last, end, waiting: [], waitingBytes: 0 };
    this.#faces.set(end, face);
    this.#byNumber.set(face.number, face);
    return face;
  }

  #lose(end: FaceEnd): void {
    this.close(end);
    end.lost();
  }
}

function isHello(text: string): boolean {
  if (text.length > MAX_HELLO) return false;
  try {
    return Hello.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

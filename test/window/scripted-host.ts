import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HostChange, HostState } from '../../src-main/contract/host-state.ts';
import type { ParamsOf, PartOf, RequestName, ResultOf } from '../../src-main/contract/requests.ts';
import { CONTRACT_VERSION } from '../../src-main/contract/version.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** The same policy as the product's page server sends. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

export interface ScriptedAnswer<N extends RequestName> {
  /** Pieces that go out before the result. */
  part(part: PartOf<N>): void;
  /** Aborted when the page no longer wants it. */
  readonly signal: AbortSignal;
}

export type ScriptedHandlers = {
  readonly [N in RequestName]?: (params: ParamsOf<N>, answer: ScriptedAnswer<N>) => ResultOf<N> | Promise<ResultOf<N>>;
};

/** What a scripted request fails with: an object `{ code, message, retry, details }` that is thrown. */
export interface ScriptedFailure {
  readonly code: string;
  readonly message: string;
}

/** An empty host: nothing attached, nothing kept. */
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
  settings: { journalBodies: { days: 7, bytes: 200_000_000 } },
  reportsWaiting: 0,
  journal: 0,
};

interface Face {
  readonly socket: WebSocket;
  following: boolean;
  readonly open: Map<number, AbortController>;
}

/** A host that says what a test tells it to, over the contract: for screens in a state that is hard to come by. */
export class ScriptedHost {
  /** Whether it knows the visitor. */
  signedIn = true;
  /** What it says its contract is. */
  contractVersion = CONTRACT_VERSION;
  readonly requests: { readonly name: string; readonly params: unknown }[] = [];
  readonly #server = createServer();
  readonly #faces = new Set<Face>();
  readonly #handlers: ScriptedHandlers;
  #state: HostState;
  #sequence = 0;

  constructor(state: HostState, handlers: ScriptedHandlers) {
    this.#state = state;
    this.#handlers = handlers;
  }

  /**
   * @param folder the built page
   * @param port default: any free one
   */
  static async open(
    folder: string,
    state: Partial<HostState> = {},
    handlers: ScriptedHandlers = {},
    port = 0,
  ): Promise<ScriptedHost> {
    const host = new ScriptedHost({ ...EMPTY_STATE, ...state }, handlers);
    host.#serve(folder);
    await new Promise<void>((resolve) => host.#server.listen(port, '127.0.0.1', resolve));
    return host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Address of a place of the page, e.g. `/packages`. */
  address(place = '/handsets'): string {
    return `http://127.0.0.1:${this.port}/#${place}`;
  }

  /** Sends a change to every page. Give the state's new value by `change` alone; late pages get `state`. */
  change(change: HostChange, state: Partial<HostState> = {}): void {
    this.#state = { ...this.#state, ...state };
    this.#sequence += 1;
    for (const face of this.#faces) {
      if (face.following) send(face, { kind: 'change', sequence: this.#sequence, change });
    }
  }

  /** Breaks every connection, as a host does that is killed. */
  drop(): void {
    for (const { socket } of this.#faces) socket.terminate();
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(folder: string): void {
    this.#server.on('request', (request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      if (path === '/session') return response.writeHead(this.signedIn ? 204 : 401).end();
      const file = join(folder, path === '/' ? 'index.html' : path);
      if (!existsSync(file)) return response.writeHead(404).end();
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
      return createReadStream(file).pipe(response);
    });
    const sockets = new WebSocketServer({ server: this.#server, path: '/contract' });
    sockets.on('connection', (socket) => {
      const face: Face = { socket, following: false, open: new Map() };
      this.#faces.add(face);
      socket.on('message', (data) => this.#take(face, JSON.parse(String(data))));
      socket.on('close', () => {
        this.#faces.delete(face);
        for (const open of face.open.values()) open.abort();
      });
    });
  }

  #take(face: Face, frame: { kind: string; id: number; name: RequestName; params: never }): void {
    switch (frame.kind) {
      case 'hello':
        send(face, { kind: 'welcome', contract: this.contractVersion, version: '0.1.0', pid: 1 });
        return;
      case 'follow':
        face.following = true;
        send(face, { kind: 'snapshot', host: 'scripted', sequence: this.#sequence, state: this.#state });
        return;
      case 'cancel':
        face.open.get(frame.id)?.abort();
        return;
      case 'request':
        void this.#answer(face, frame);
    }
  }

  async #answer(face: Face, { id, name, params }: { id: number; name: RequestName; params: never }): Promise<void> {
    this.requests.push({ name, params });
    const open = new AbortController();
    face.open.set(id, open);
    const handler = this.#handlers[name] as ((params: never, answer: ScriptedAnswer<never>) => unknown) | undefined;
    try {
      if (handler === undefined) throw { code: 'host/unknown-request', message: `nothing is scripted for ${name}` };
      const part = (value: unknown) => send(face, { kind: 'part', id, part: value });
      const result = await handler(params, { part, signal: open.signal });
      send(face, { kind: 'response', id, result });
    } catch (failure) {
      const { code, message } = failure as ScriptedFailure;
      send(face, { kind: 'error', id, error: { code, message, retry: 'later', details: {} } });
    } finally {
      face.open.delete(id);
    }
  }
}

function send({ socket }: Face, frame: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}

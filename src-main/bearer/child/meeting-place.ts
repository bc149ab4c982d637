import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { seconds } from '../../base/durations.ts';
import { readHello } from './control-lines.ts';
import { Hello, MAX_OPEN } from './protocol.ts';

/** What a child has to know to be let in. */
export interface Invitation {
  /** A local socket, or on Windows a named pipe. */
  readonly socket: string;
  /** Shown by each connection: a named pipe is open to other users. */
  readonly token: string;
}

/** Where a child finds its invitation: names that the window's process lets through too (`contract/shell-messages`). */
const SOCKET_VARIABLE = 'PC_AGENT_BEARER_SOCKET';
const TOKEN_VARIABLE = 'PC_AGENT_BEARER_TOKEN';

/** The invitation as variables of the child's environment, where other users do not see it. */
export function invitationVariables({ socket, token }: Invitation): Record<string, string> {
  return { [SOCKET_VARIABLE]: socket, [TOKEN_VARIABLE]: token };
}

/** What this process was invited to; it leaves its environment, which processes of its own would inherit. */
export function takeInvitation(env: NodeJS.ProcessEnv): Invitation {
  const invitation = { socket: env[SOCKET_VARIABLE] ?? '', token: env[TOKEN_VARIABLE] ?? '' };
  delete env[SOCKET_VARIABLE];
  delete env[TOKEN_VARIABLE];
  return invitation;
}

/** Who says nothing for so long is not our child. */
const HELLO_LIMIT = seconds(20);
const FOLDER = 'pc-agent-bearers-';
const SOCKET = 's';
/** Octets that the path of a local socket may have (macOS; Linux has four more). */
const LONGEST_SOCKET = 103;
const COMMON = '/tmp';
/** A place this young may still be on its way to its socket. */
const YOUNG_MS = 60_000;
/** How many are looked at: nobody leaves more behind. */
const MAX_STALE = 64;

/** Where the child's connections arrive: a socket in a folder that only this user may look into. */
export class MeetingPlace {
  readonly invitation: Invitation;
  readonly #server: Server;
  /** Connections that have not said yet whose they are. */
  #strangers = 0;

  private constructor(server: Server, invitation: Invitation) {
    this.#server = server;
    this.invitation = invitation;
  }

  /** @param onCome told of each connection that shows the token; its first line has been read. */
  static async open(onCome: (hello: Hello, socket: Socket) => void): Promise<MeetingPlace> {
    const server = createServer({ allowHalfOpen: true });
    const token = randomBytes(24).toString('base64url');
    const place = new MeetingPlace(server, { socket: socketPath(), token });
    server.on('connection', (socket) => void place.#receive(socket, onCome));
    server.listen(place.invitation.socket);
    try {
      await once(server, 'listening');
    } catch (error) {
      removePlace(place.invitation.socket);
      throw error;
    }
    server.on('error', () => undefined);
    if (process.platform !== 'win32') chmodSync(place.invitation.socket, 0o600);
    return place;
  }

  close(): void {
    this.#server.close();
    removePlace(this.invitation.socket);
  }

  async #receive(socket: Socket, onCome: (hello: Hello, socket: Socket) => void): Promise<void> {
    socket.on('error', () => socket.destroy());
    if (this.#strangers >= MAX_OPEN) return void socket.destroy();
    this.#strangers += 1;
    const { data: hello } = Hello.safeParse(await readHello(socket, HELLO_LIMIT));
    this.#strangers -= 1;
    if (hello === undefined || !equalTexts(hello.token, this.invitation.token)) return void socket.destroy();
    onCome(hello, socket);
  }
}

/** Takes the socket's folder away: the last that the side which ends last does. */
export function removePlace(socket: string): void {
  const folder = dirname(socket);
  if (basename(folder).startsWith(FOLDER)) rmSync(folder, { recursive: true, force: true });
}

/** Takes away what is left of places whose both sides were killed at once. */
export async function removeStalePlaces(parent?: string, now: number = Date.now()): Promise<void> {
  if (process.platform === 'win32') return;
  // One that cannot be looked into is left as it is.
  await Promise.allSettled((parent === undefined ? parents() : [parent]).map((each) => removeStaleIn(each, now)));
}

async function removeStaleIn(parent: string, now: number): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(FOLDER));
  for (const name of names.slice(0, MAX_STALE)) {
    const folder = join(parent, name);
    const { uid, ctimeMs } = await lstat(folder);
    const isOurs = uid === process.getuid?.() && now - ctimeMs > YOUNG_MS;
    if (isOurs && !(await answers(join(folder, SOCKET)))) await rm(folder, { recursive: true, force: true });
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const knock = connect(socket);
    knock.once('connect', () => {
      knock.destroy();
      resolve(true);
    });
    // What cannot be knocked at for another reason may be alive.
    knock.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

/** @throws whatever the system says where no folder for temporary files can be written to */
function socketPath(): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\pc-agent-bearers-${randomUUID()}`;
  return join(placeIn(parents()), SOCKET);
}

/** Where the folder may be: the usual place, or where that has too long a name or cannot be written to, the common one. */
function parents(): readonly string[] {
  const usual = tmpdir();
  // `mkdtemp` puts six characters behind the name.
  const length = Buffer.byteLength(join(usual, `${FOLDER}XXXXXX`, SOCKET));
  return length <= LONGEST_SOCKET && usual !== COMMON ? [usual, COMMON] : [COMMON];
}

function placeIn([parent = COMMON, ...others]: readonly string[]): string {
  try {
    return mkdtempSync(join(parent, FOLDER));
  } catch (error) {
    if (others.length === 0) throw error;
    return placeIn(others);
  }
}

function equalTexts(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

import { stat } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import type { Message, MessageBus } from 'dbus-native';
import { type Duration, seconds } from '../../../base/durations.ts';
import { unlessAborted } from '../../../base/unless-aborted.ts';

/** A method of another program on the bus. */
export interface BusCall {
  /** Default: the Bluetooth service. */
  readonly destination?: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

export interface BusSignal {
  /** Unique name of who sent it. */
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

/** A method that others may call on an object of ours. `null`: an empty reply. */
export interface BusMethod {
  readonly takes: string;
  readonly gives: string;
  readonly call: (sender: string, args: readonly unknown[]) => Promise<string | number | null>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** 0: no limit of its own. */
  readonly limit?: Duration;
}

/** One connection to the system's message bus (D-Bus Specification). */
export interface Bus {
  /** @throws DBusError, the signal's reason */
  call(call: BusCall, options?: CallOptions): Promise<unknown>;
  /** The same, told in the order of the messages: signals that come after the answer come after `told`. */
  ask(call: BusCall, limit: Duration, told: (error: unknown, answer: unknown) => void): void;
  /** Messages are sent to us that fit this rule. @throws DBusError */
  match(rule: string, limit: Duration): Promise<void>;
  /** @returns a function that takes the object away. */
  serve(path: string, name: string, methods: Readonly<Record<string, BusMethod>>): () => void;
  /** A value of a type that its reader has to be told. */
  variant(signature: string, value: unknown): unknown;
  /** Resolves when it is over, for whatever reason. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export const BLUEZ = 'org.bluez';
export const BLUEZ_PATH = '/org/bluez';
export const DBUS = 'org.freedesktop.DBus';
export const DBUS_PATH = '/org/freedesktop/DBus';

/** Where it is unless DBUS_SYSTEM_BUS_ADDRESS says otherwise (D-Bus Specification, "System message bus"). */
const SYSTEM_BUS = ['/run/dbus/system_bus_socket', '/var/run/dbus/system_bus_socket'];
const CONNECT_LIMIT = seconds(5);
const CLOSE_LIMIT = seconds(1);
/** A tree of some thousand devices. */
const MAX_MESSAGE = 8 * 1024 * 1024;

/** The socket of the system bus; `undefined` when there is none. */
export async function systemBusPath(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = /(?:^|;)unix:path=([^,;]+)/.exec(environment.DBUS_SYSTEM_BUS_ADDRESS ?? '')?.[1];
  for (const path of named === undefined ? SYSTEM_BUS : [decodeURIComponent(named)]) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isSocket() === true) return path;
  }
  return undefined;
}

/** @throws Error of the system's: `code` ENOENT, ECONNREFUSED, EACCES; of the bus; AbortError */
export async function openBus(path: string, onSignal: (signal: BusSignal) => void, signal: AbortSignal): Promise<Bus> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_LIMIT)]);
  // It is CommonJS: packed into a program, all of it is under `default` alone.
  const [{ default: dbus }, stream] = await Promise.all([import('dbus-native'), connected(path, limited)]);
  const client = dbus.createClient({ stream, authMethods: ['EXTERNAL'], maxMessageSize: MAX_MESSAGE });
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  const { connection } = client;
  // What broke it is told by the calls that it takes along.
  connection.on('error', () => stream.destroy());
  connection.on('handlerError', () => stream.destroy());
  connection.on('message', (message: Message) => {
    const told = message.type === dbus.messageType.signal ? signalOf(message) : undefined;
    if (told !== undefined) onSignal(told);
  });
  try {
    await ready(client, closed, limited);
  } catch (error) {
    stream.destroy();
    throw error;
  }
  return new NativeBus(client, stream, closed, (signature, value) => new dbus.Variant(signature, value));
}

class NativeBus implements Bus {
  readonly closed: Promise<void>;
  readonly variant: Bus['variant'];
  readonly #client: MessageBus;
  readonly #stream: Socket;

  constructor(client: MessageBus, stream: Socket, closed: Promise<void>, variant: Bus['variant']) {
    this.#client = client;
    this.#stream = stream;
    this.closed = closed;
    this.variant = variant;
  }

  async call(call: BusCall, { signal, limit }: CallOptions = {}): Promise<unknown> {
    signal?.throwIfAborted();
    try {
      return await this.#client.invoke(messageOf(call), {
        ...(signal === undefined ? {} : { signal }),
        ...(limit === undefined ? {} : { timeout: limit }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  ask(call: BusCall, limit: Duration, told: (error: unknown, answer: unknown) => void): void {
    void this.#client.invoke(messageOf(call), { timeout: limit }, (error, answer) => told(error, answer));
  }

  async match(rule: string, limit: Duration): Promise<void> {
    const called = { destination: DBUS, path: DBUS_PATH, interface: DBUS, member: 'AddMatch' };
    await this.call({ ...called, signature: 's', body: [rule] }, { limit });
  }

  serve(path: string, name: string, methods: Readonly<Record<string, BusMethod>>): () => void {
    // Names of methods come from others: what every object has is not one of ours.
    const object: Record<string, unknown> = Object.create(null);
    for (const [member, { call }] of Object.entries(methods)) {
      object[member] = (...args: unknown[]) => call((args.at(-1) as Message).sender ?? '', args.slice(0, -1));
    }
    const signatures = Object.entries(methods).map(([member, { takes, gives }]) => [member, [takes, gives, [], []]]);
    this.#client.exportInterface(object, path, { name, methods: Object.fromEntries(signatures) });
    return () => void this.#client.unexportInterface(path, name);
  }

  async close(): Promise<void> {
    // A bus that does not say goodbye keeps nobody.
    const timer = setTimeout(() => this.#stream.destroy(), CLOSE_LIMIT);
    try {
      await this.#client.close();
    } finally {
      clearTimeout(timer);
    }
  }
}

function messageOf({ destination = BLUEZ, path, interface: name, member, signature, body = [] }: BusCall): Message {
  const called = { destination, path, interface: name, member };
  return signature === undefined ? called : { ...called, signature, body: [...body] };
}

function signalOf({ sender, path, interface: name, member, body = [] }: Message): BusSignal | undefined {
  if (sender === undefined || path === undefined || name === undefined || member === undefined) return undefined;
  return { sender, path, interface: name, member, body };
}

function connected(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** The bus has let us in and has given us a name. */
async function ready(client: MessageBus, closed: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = closed.then(() => {
    throw new Error('the message bus has closed the connection');
  });
  over.catch(() => undefined);
  await unlessAborted(Promise.race([client.getId(), over]), signal);
}

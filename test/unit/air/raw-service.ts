import { createConnection, type DBusConnection, type Message, messageType } from 'dbus-native';

export interface Answer {
  readonly signature: string;
  readonly body: readonly unknown[];
}

export const EMPTY: Answer = { signature: '', body: [] };

/** A program on the bus that answers every call itself, those of the standard's own interfaces too. */
export class RawService {
  readonly #connection: DBusConnection;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #serial = 0;

  constructor(path: string, answer: (message: Message) => Promise<Answer>) {
    this.#connection = createConnection({ socket: path });
    this.#connection.on('error', () => undefined);
    this.#connection.on('message', (message: Message) => {
      if (message.type === messageType.methodCall) void this.#answer(message, answer);
      else this.#waiting.get(message.replySerial ?? 0)?.(message);
    });
  }

  /** @throws what the other one answers, with its `dbusName` */
  call(message: Message): Promise<readonly unknown[]> {
    const serial = this.#next();
    return new Promise((resolve, reject) => {
      this.#waiting.set(serial, ({ type, body = [], errorName }) => {
        if (type === messageType.methodReturn) resolve(body);
        else reject(Object.assign(new Error(String(body[0])), { dbusName: errorName }));
      });
      this.#connection.message({ ...message, type: messageType.methodCall, serial });
    });
  }

  callBus(member: string, signature?: string, body?: unknown[]): Promise<readonly unknown[]> {
    const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };
    const args = signature === undefined ? {} : { signature, body: body ?? [] };
    return this.call({ ...bus, interface: 'org.freedesktop.DBus', member, ...args });
  }

  signal(path: string, name: string, member: string, signature: string, body: unknown[]): void {
    const told = { path, interface: name, member, signature, body };
    this.#connection.message({ ...told, type: messageType.signal, serial: this.#next() });
  }

  async close(): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  async #answer(message: Message, answer: (message: Message) => Promise<Answer>): Promise<void> {
    const { sender: destination, serial: replySerial } = message;
    const reply = { ...(destination === undefined ? {} : { destination }), replySerial: replySerial ?? 0 };
    try {
      const { signature, body } = await answer(message);
      const said = signature === '' ? {} : { signature, body: [...body] };
      this.#connection.message({ ...reply, ...said, type: messageType.methodReturn, serial: this.#next() });
    } catch (error) {
      const { dbusName = 'org.bluez.Error.Failed', message: text } = error as Error & { dbusName?: string };
      const said = { errorName: dbusName, signature: 's', body: [text] };
      this.#connection.message({ ...reply, ...said, type: messageType.error, serial: this.#next() });
    }
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }
}

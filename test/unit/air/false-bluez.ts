import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBroker, type DBusBroker, type Message, Variant } from 'dbus-native';
import { type Answer, EMPTY, RawService } from './raw-service.ts';

type Properties = Readonly<Record<string, Variant>>;
type Question = (member: string, signature: string, body: readonly unknown[]) => Promise<unknown>;

export const PHONE = '00:AA:01:00:00:00';
const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager';
export const ADAPTER = 'org.bluez.Adapter1';
export const DEVICE = 'org.bluez.Device1';

export const text = (value: string): Variant => new Variant('s', value);
export const yes = new Variant('b', true);
export const no = new Variant('b', false);

export function bluezError(name: string): Error {
  return Object.assign(new Error(`${name}, says the service`), { dbusName: `org.bluez.Error.${name}` });
}

/** The bus itself does not let somebody in. */
export const ACCESS_DENIED = Object.assign(new Error('no'), { dbusName: 'org.freedesktop.DBus.Error.AccessDenied' });

/** A message bus with a service on it that speaks as bluetoothd does (its doc folder, and what version 5.66 says). */
export class FalseBluez {
  readonly path: string;
  /** Members that were called, with what tells them apart. */
  readonly calls: string[] = [];
  /** Options of each profile, by its object path. */
  readonly profiles = new Map<string, { uuid: string; record: string; options: ReadonlySet<string> }>();
  /** What happens when a device is to be paired. */
  onPair: (ask: Question) => Promise<void> = async () => undefined;
  /** What is thrown at a member that is called. */
  readonly fails = new Map<string, Error>();
  /** Members that are never answered. */
  readonly hangs = new Set<string>();
  readonly #broker: DBusBroker;
  readonly #folder: string;
  readonly #objects = new Map<string, Record<string, Record<string, Variant>>>();
  #service: RawService | undefined;
  #agent: { readonly sender: string; readonly path: string } | undefined;

  private constructor(broker: DBusBroker, folder: string) {
    this.#broker = broker;
    this.#folder = folder;
    this.path = join(folder, 'bus');
  }

  static async start(): Promise<FalseBluez> {
    const folder = await mkdtemp(join(tmpdir(), 'pc-agent-bus-'));
    const broker = createBroker();
    const bluez = new FalseBluez(broker, folder);
    await new Promise<void>((resolve) => broker.listen({ socket: bluez.path }, () => resolve()));
    return bluez;
  }

  /** The service comes onto the bus. */
  async appear(): Promise<void> {
    const service = new RawService(this.path, (message) => this.#answer(message));
    await service.callBus('Hello');
    this.#service = service;
    await service.callBus('RequestName', 'su', ['org.bluez', 4]);
  }

  /** It is stopped, and all that it was told is forgotten. */
  async vanish(): Promise<void> {
    this.profiles.clear();
    this.#agent = undefined;
    await this.#service?.close();
    this.#service = undefined;
  }

  async close(): Promise<void> {
    await this.vanish();
    await new Promise<void>((resolve) => void this.#broker.close(() => resolve()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  addAdapter(id = 'hci1', properties: Properties = {}): string {
    const path = `/org/bluez/${id}`;
    this.#add(path, ADAPTER, {
      Address: text('00:AA:01:01:00:01'),
      AddressType: text('public'),
      Name: text('Computer'),
      Alias: text('Computer'),
      Class: new Variant('u', 0x104),
      Powered: yes,
      Discoverable: no,
      DiscoverableTimeout: new Variant('u', 180),
      Pairable: no,
      Discovering: no,
      ...properties,
    });
    return path;
  }

  /** As it is after an inquiry of version 5.66. */
  addDevice(address = PHONE, properties: Properties = {}, adapter = 'hci1'): string {
    const path = `/org/bluez/${adapter}/dev_${address.replaceAll(':', '_')}`;
    this.#add(path, DEVICE, {
      Address: text(address),
      AddressType: text('public'),
      Name: text('Handset 0'),
      Alias: text('Handset 0'),
      Class: new Variant('u', 0x5a020c),
      Icon: text('phone'),
      Paired: no,
      Trusted: no,
      Blocked: no,
      LegacyPairing: no,
      RSSI: new Variant('n', -60),
      Connected: no,
      UUIDs: new Variant('as', ['00000004-0000-1000-8000-0002EE000002']),
      Adapter: new Variant('o', `/org/bluez/${adapter}`),
      ServicesResolved: no,
      ...properties,
    });
    return path;
  }

  remove(path: string): void {
    const names = [...this.#objects.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
    for (const name of names.reverse()) {
      this.#objects.delete(name);
      this.#service?.signal('/', OBJECT_MANAGER, 'InterfacesRemoved', 'oas', [name, [ADAPTER, DEVICE]]);
    }
  }

  change(path: string, name: string, changed: Properties, invalidated: readonly string[] = []): void {
    const properties = this.#objects.get(path)?.[name];
    if (properties === undefined) return;
    Object.assign(properties, changed);
    for (const each of invalidated) delete properties[each];
    const body = [name, changed, invalidated];
    this.#service?.signal(path, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', 'sa{sv}as', body);
  }

  /** Asks the agent that was registered last, as its service or as another one on the bus. */
  async ask(member: string, signature: string, body: readonly unknown[], from = this.#service): Promise<unknown> {
    const { sender = '', path = '' } = this.#agent ?? {};
    const args = signature === '' ? {} : { signature, body: [...body] };
    const [answer] =
      (await from?.call({ destination: sender, path, interface: 'org.bluez.Agent1', member, ...args })) ?? [];
    return answer;
  }

  /** Another program on the same bus. */
  async stranger(): Promise<RawService> {
    const stranger = new RawService(this.path, async () => EMPTY);
    await stranger.callBus('Hello');
    return stranger;
  }

  #add(path: string, name: string, properties: Record<string, Variant>): void {
    this.#objects.set(path, { [name]: { ...properties } });
    const body = [path, { [name]: properties }];
    this.#service?.signal('/', OBJECT_MANAGER, 'InterfacesAdded', 'oa{sa{sv}}', body);
  }

  async #answer(message: Message): Promise<Answer> {
    const { path = '', member = '', sender = '', body = [] } = message;
    if (member === 'GetManagedObjects') {
      const locked = this.fails.get(member);
      if (locked !== undefined) throw locked;
      return { signature: 'a{oa{sa{sv}}}', body: [Object.fromEntries(this.#objects)] };
    }
    const [first, second, third] = body;
    this.calls.push(member === 'Set' ? `${String(second)}=${String(third)}` : member);
    const fault = this.fails.get(member);
    if (fault !== undefined) throw fault;
    if (this.hangs.has(member)) return new Promise(() => undefined);
    switch (member) {
      case 'RegisterProfile': {
        const { ServiceRecord, ...others } = third as Record<string, unknown>;
        const kept = { uuid: String(second), record: String(ServiceRecord), options: new Set(Object.keys(others)) };
        this.profiles.set(String(first), kept);
        return EMPTY;
      }
      case 'UnregisterProfile':
        this.profiles.delete(String(first));
        return EMPTY;
      case 'RegisterAgent':
        this.#agent = { sender, path: String(first) };
        return EMPTY;
      case 'UnregisterAgent':
        this.#agent = undefined;
        return EMPTY;
      case 'RemoveDevice':
        this.remove(String(first));
        return EMPTY;
      case 'Pair':
        await this.onPair((asked, signature, args) => this.ask(asked, signature, [path, ...args]));
        this.change(path, DEVICE, { Paired: yes });
        return EMPTY;
      case 'Set': {
        const value = new Variant(typeof third === 'boolean' ? 'b' : 'u', third);
        this.change(path, String(first), { [String(second)]: value });
        return EMPTY;
      }
      default:
        return EMPTY;
    }
  }
}

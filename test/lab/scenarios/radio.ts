import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Program } from '../../support/processes.ts';
import { type Programs, run, until } from './guest.ts';

/** With one phone. */
export const COMPUTER_DEVICE = 'hci1';
const SYSTEM_BUS = '/run/dbus/system_bus_socket';
const SESSION_BUS = '/run/session-bus';
const START = 60_000;
const CONFIGURATION = '/etc/bluetooth/main.conf';
/** A smart phone (Bluetooth Assigned Numbers, 2.8 Class of Device). The service says it of all controllers. */
const SMART_PHONE = '0x00020c';
/** Units of 1.28 s (Core Specification, volume 4, part E, 7.1.1). */
const INQUIRY_LENGTH = 1;

/** One of the controllers that btvirt makes in software; all are in range of each other. */
export class Controller {
  readonly name: string;
  readonly index: number;

  constructor(index: number, name: string) {
    this.index = index;
    this.name = name;
  }

  get device(): string {
    return `hci${this.index}`;
  }

  get address(): string {
    const address = /BD Address: ([\dA-F:]{17})/.exec(run('hciconfig', this.device))?.[1];
    if (address === undefined) throw new Error(`${this.device} has no address`);
    return address;
  }

  /** What is said of it at bluetoothd. */
  set(property: string, value: string): void {
    const target = ['--system', '--print-reply', '--dest=org.bluez', `/org/bluez/${this.device}`];
    const set = ['org.freedesktop.DBus.Properties.Set', 'string:org.bluez.Adapter1', `string:${property}`];
    run('dbus-send', ...target, ...set, `variant:${value}`);
  }
}

/**
 * Bluetooth as a computer with BlueZ has it, and phones at controllers of their own. All are in one kernel, so that there
 * is one bluetoothd, and one set of records: each phone shows those of all, and so does the computer.
 */
export class Radio {
  readonly phones: readonly Controller[];
  /** Who does not say from which controller it connects gets the newest one that is not the destination itself. */
  readonly computer: Controller;
  /** What the phones' users say to everything, also where a PIN is wanted. */
  readonly pin = 'yes';
  readonly #programs: Programs;
  #btvirt: Program | undefined;
  #users: Program | undefined;
  #bluetoothd: Program | undefined;

  constructor(programs: Programs, phones = 1) {
    this.#programs = programs;
    this.phones = Array.from({ length: phones }, (_, index) => new Controller(index, `Radio ${index}`));
    this.computer = new Controller(phones, 'Computer');
  }

  get phone(): Controller {
    const [first] = this.phones;
    if (first === undefined) throw new Error('there is no phone');
    return first;
  }

  /** Controllers, bluetoothd, phones that are shown and say yes to whoever pairs or connects. */
  async open(): Promise<void> {
    run('modprobe', '-a', 'hci_vhci', 'rfcomm');
    mkdirSync('/run/dbus', { recursive: true });
    if (!existsSync(SYSTEM_BUS)) run('dbus-daemon', '--system', '--fork', '--nopidfile');
    this.insert();
    await this.startService();
    // Nothing but bluetoothctl keeps what this program says open, so that its end is seen.
    const yes = `exec bluetoothctl --agent DisplayYesNo < <(while sleep 1; do echo ${this.pin}; done 2>/dev/null)`;
    this.#users = this.#programs.program('the phones’ users', ['bash', '-c', yes]);
  }

  /** What the phones have shown their users to be compared, in the order in which they did. */
  shownDigits(): readonly string[] {
    return [...(this.#users?.stdout ?? '').matchAll(/passkey (\d{6})/g)].map(([, digits]) => digits ?? '');
  }

  /** The controllers are plugged in. */
  insert(): void {
    this.#btvirt = this.#programs.program('btvirt', ['btvirt', '-B', `-l${this.phones.length + 1}`]);
  }

  /** All controllers are pulled out, at once. */
  async pull(): Promise<void> {
    await this.#btvirt?.kill();
  }

  /** bluetoothd, and what it is told of the controllers. */
  async startService(): Promise<void> {
    writeFileSync(CONFIGURATION, `[General]\nClass = ${SMART_PHONE}\n`);
    this.#bluetoothd = this.#programs.program('bluetoothd', ['/usr/libexec/bluetooth/bluetoothd', '-n']);
    await this.setUp();
  }

  async stopService(): Promise<void> {
    await this.#bluetoothd?.dispose();
  }

  /** Names and readiness of the controllers, when bluetoothd has them. */
  async setUp(): Promise<void> {
    for (const controller of [...this.phones, this.computer]) {
      await until(`bluetoothd with ${controller.device}`, START, () =>
        succeeds(() => controller.set('Powered', 'boolean:true')),
      );
      controller.set('Alias', `string:${controller.name}`);
    }
    for (const phone of this.phones) {
      phone.set('DiscoverableTimeout', 'uint32:0');
      this.show(phone);
    }
  }

  /** A phone can be found and called. */
  show(phone: Controller): void {
    phone.set('Discoverable', 'boolean:true');
    phone.set('Pairable', 'boolean:true');
  }

  /** Out of range: not `hciconfig down`, which would leave the other end's link dangling in btvirt. */
  lose(phone: Controller): void {
    run('hciconfig', phone.device, 'noscan');
    // Ends with an error when there is no link. 8: connection time-out (Core Specification, volume 1, part F, 1.3).
    succeeds(() => run('hcitool', '-i', phone.device, 'dc', this.computer.address, '8'));
  }

  /** In range again. */
  regain(phone: Controller): void {
    run('hciconfig', phone.device, 'piscan');
  }

  /**
   * Nobody is connected. A link ends by itself some seconds after its last channel, and btvirt loses who connects in that
   * very moment.
   */
  async idle(): Promise<void> {
    await until('no link', START, () => !run('hcitool', 'con').includes('ACL'));
  }

  /** What the computer's inquiry finds, by a program that is not ours: address and name. */
  scan(): string {
    return run('hcitool', '-i', this.computer.device, 'scan', '--flush', `--length=${INQUIRY_LENGTH}`);
  }

  /** RFCOMM channel of a record at a phone, by a program that is not ours; `service` as sdptool names it. */
  channel(phone: Controller, service: string): number {
    const found = run('sdptool', 'search', '--bdaddr', phone.address, service);
    const channel = /Channel: (\d+)/.exec(found)?.[1];
    if (channel === undefined) throw new Error(`no ${service}: ${found}`);
    return Number(channel);
  }

  /** BlueZ's OBEX server, which serves a folder by object push and file transfer. */
  async obexServer(folder: string): Promise<Program> {
    const programs = this.#programs;
    mkdirSync(folder, { recursive: true });
    if (!existsSync(SESSION_BUS)) {
      programs.program('session bus', [
        'dbus-daemon',
        '--session',
        '--nofork',
        '--nopidfile',
        `--address=unix:path=${SESSION_BUS}`,
      ]);
      await until('the session bus', START, () => existsSync(SESSION_BUS));
    }
    const obexd = programs.program('obexd', ['/usr/libexec/bluetooth/obexd', '-n', '-a', '-r', folder], {
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${SESSION_BUS}`,
    });
    await until('the records of obexd', START, () => succeeds(() => this.channel(this.phone, 'FTP')));
    return obexd;
  }
}

/** `struct sockaddr_rc` without its family, in hexadecimal digits, as socat takes it. */
export function rfcommAddress(address: string, channel: number): string {
  // bdaddr_t has the last octet first.
  const octets = [...address.split(':').reverse(), channel.toString(16).padStart(2, '0'), '00'];
  return `x${octets.join('').toLowerCase()}`;
}

/** `struct sockaddr_l2` without its family for the service that tells records (PSM 1), as socat takes it. */
export function recordsAddress(address: string): string {
  return `x0100${address.split(':').reverse().join('').toLowerCase()}00000000`;
}

export function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtualImei } from '../../../src-main/base/imei.ts';
import { DmsClient } from '../../support/dms-client.ts';
import { type HostFace, hostFace } from '../../support/host-face.ts';
import type { Program, ProgramEvent } from '../../support/processes.ts';
import { Eyes } from './eyes.ts';
import { Gadget, loadUsb } from './gadgets.ts';
import { agentCommand, Programs, until } from './guest.ts';
import { COMPUTER_DEVICE, Radio } from './radio.ts';

const HOME = '/tmp/home';
/** Milliseconds until what a session did was seen at its ends: its programs may just be starting. */
const SEEN_LIMIT = 60_000;
const PACKAGES = '/tmp/packages';

/** A handset: a gadget on the computer's bus, and a process of ours at its end. */
export interface Phone {
  readonly gadget: Gadget;
  readonly program: Program;
  readonly imei: string;
  readonly device: string;
  readonly state: string;
}

/** What all scenarios of one boot share: a DM server, a host, somebody who watches, and handsets. */
export class Bench {
  readonly programs = new Programs(HOME);
  readonly phones: Phone[] = [];
  readonly dms: Program;
  readonly host: Program;
  #watcher: Program | undefined;
  #face: HostFace | undefined;
  #radio: Promise<Radio> | undefined;
  #eyes: Promise<Eyes> | undefined;
  #url = '';

  readonly #count: number;

  /** @param count of handsets, {@link MOST_GADGETS} at most */
  constructor(count: number) {
    this.#count = count;
    mkdirSync(PACKAGES, { recursive: true });
    this.dms = this.programs.agent('virtual-dms', '--listen', '127.0.0.1:0', '--packages', PACKAGES);
    // The phones' controllers are the same computer's.
    this.host = this.programs.program('serve', agentCommand('serve'), { PC_AGENT_BLUETOOTH: COMPUTER_DEVICE });
  }

  async open(): Promise<void> {
    await loadUsb(this.#count);
    [this.#url] = await Promise.all([this.dms.address(), this.host.address()]);
    // Two at a time: a port has to open within a limit of the product's, and all at once are too much for two processors.
    for (let index = 0; index < this.#count; index += 2) {
      const pair = [this.#phone(index), this.#phone(index + 1)];
      this.phones.push(...pair);
      await Promise.all(
        pair.map(({ program }) => program.count(2, 'where it listens', ({ type }) => type === 'listening')),
      );
    }
    this.#watcher = this.programs.agent('handsets', '--watch');
    this.#face = await hostFace(HOME);
  }

  get face(): HostFace {
    if (this.#face === undefined) throw new Error('the bench is not open');
    return this.#face;
  }

  get watcher(): Program {
    if (this.#watcher === undefined) throw new Error('the bench is not open');
    return this.#watcher;
  }

  get dmsUrl(): string {
    return this.#url;
  }

  get client(): DmsClient {
    return new DmsClient(this.#url);
  }

  /** Bluetooth, from the first time on that a scenario wants it. */
  radio(): Promise<Radio> {
    this.#radio ??= (async () => {
      const radio = new Radio(this.programs);
      await radio.open();
      return radio;
    })();
    return this.#radio;
  }

  /** Somebody at a window, from the first time on that a scenario wants one. */
  eyes(): Promise<Eyes> {
    this.#eyes ??= Eyes.open(HOME);
    return this.#eyes;
  }

  phone(index: number): Phone {
    const phone = this.phones[index];
    if (phone === undefined) throw new Error(`there is no handset ${index}`);
    return phone;
  }

  /** The next card of this handset that is as wanted, told from now on. */
  async card(phone: Pick<Phone, 'device'>, what: string, wanted: (card: Card) => boolean): Promise<Card> {
    const seen = this.watcher.events.length;
    const isIt = (event: ProgramEvent): event is Card =>
      isCard(event) && event.device === phone.device && wanted(event);
    return (await this.watcher.event(
      what,
      (event) => this.watcher.events.indexOf(event) >= seen && isIt(event),
    )) as Card;
  }

  /** The last that was told of this handset. */
  lastCard(phone: Pick<Phone, 'device'>): Card | undefined {
    return this.watcher.events.filter(isCard).findLast(({ device }) => device === phone.device);
  }

  /** Another handset is in the place of one, from now on, and not plugged in yet. */
  async taken(index: number, handset: Keeper, ...faults: readonly string[]): Promise<Phone> {
    const { gadget: before, program } = this.phone(index);
    await program.dispose();
    before.remove();
    // The computer knows who had the other serial number.
    const gadget = new Gadget(index, { serial: `TAKEN${index}` });
    const imei = handset.device.slice('IMEI:'.length);
    const keeps = ['--imei', imei, '--state', handset.state, '--inbox', `${handset.state}/inbox`];
    const listen = ['--listen', `serial:${gadget.end('obex')}`];
    const taker = this.programs.agent('virtual-handset', ...listen, ...faults, ...keeps);
    await taker.count(2, 'where it listens', ({ type }) => type === 'listening');
    const phone = { ...handset, gadget, program: taker, imei };
    this.phones[index] = phone;
    return phone;
  }

  async close(): Promise<void> {
    this.#face?.close();
    if (this.#eyes !== undefined) (await this.#eyes).close();
    await this.programs.end();
    for (const { gadget } of this.phones) gadget.remove();
  }

  #phone(index: number): Phone {
    const gadget = new Gadget(index);
    const imei = virtualImei(index);
    const state = `/tmp/handset-${index}`;
    const listen = [
      '--listen',
      `serial:${gadget.end('obex')}`,
      '--fault',
      `duplicate-bearer=serial:${gadget.end('acm')}`,
    ];
    const keeps = ['--state', state, '--inbox', `${state}/inbox`];
    const program = this.programs.agent('virtual-handset', ...listen, '--imei', imei, ...keeps);
    return { gadget, program, imei, device: `IMEI:${imei}`, state };
  }
}

/** A card of the list as `handsets --watch` tells it. */
export interface Card extends ProgramEvent {
  readonly device: string;
  readonly presence: string;
  readonly bearers: readonly {
    readonly kind: string;
    readonly address: string;
    readonly attached?: boolean;
    readonly place?: string;
    readonly reason?: string;
  }[];
}

export function isCard(event: ProgramEvent): event is Card {
  return event.type === 'handset' && event.state === 'known';
}

/** The kinds of bearers over which this card's handset can be reached now. */
export function attachedKinds(card: Pick<Card, 'bearers'>): readonly string[] {
  return card.bearers.filter(({ attached }) => attached === true).map(({ kind }) => kind);
}

/** A package of random octets that the DM server offers. @returns its digest, which what arrives must have */
export function offerPackage(id: string, size: number): string {
  const bytes = randomBytes(size);
  writeFileSync(join(PACKAGES, `${id}.bin`), bytes);
  writeFileSync(join(PACKAGES, `${id}.bin.json`), JSON.stringify({ id, name: id, version: '1.0' }));
  return createHash('sha256').update(bytes).digest('hex');
}

/** What the handset keeps of a component that it has installed. */
export function installedOn(phone: Pick<Phone, 'state'>, id: string): { readonly sha256: string } | undefined {
  const { components = [] } = JSON.parse(readFileSync(join(phone.state, 'handset.json'), 'utf8')) as {
    readonly components?: readonly { readonly id: string; readonly sha256: string }[];
  };
  return components.find((component) => component.id === id);
}

/** Whose sessions are compared at both ends. */
export type Witnessed = Pick<Phone, 'device' | 'program'>;
/** That keeps what is installed on it where it can be looked at. */
export type Keeper = Witnessed & Pick<Phone, 'state'>;

/** Notes where the server is, to compare later what it and the handset saw in the session that comes. */
export function witness(bench: Bench, phone: Witnessed): () => Promise<{ readonly messages: number }> {
  const before = sessionsAt(bench.dms, phone).length;
  return async () => {
    await until('the end of the session at the server', SEEN_LIMIT, () => sessionsAt(bench.dms, phone).length > before);
    const session = sessionsAt(bench.dms, phone)[before]?.id;
    const digests = (end: Program, direction: string) =>
      end.events
        .filter((event) => event.type === 'message' && event.session === session && event.direction === direction)
        // Package 0 does not pass the server's /dm.
        .filter((event) => event.package !== 0)
        .map(({ sha256 }) => sha256);
    let messages = 0;
    for (const direction of ['to-dms', 'to-handset']) {
      const dms = digests(bench.dms, direction);
      assert.ok(dms.length > 0, direction);
      const all = () => digests(phone.program, direction).length >= dms.length;
      // It may still be reading what the server has sent.
      await until(`what went ${direction}, at the handset`, SEEN_LIMIT, all);
      assert.deepEqual(digests(phone.program, direction), dms, direction);
      messages += dms.length;
    }
    return { messages };
  };
}

function sessionsAt(dms: Program, phone: Witnessed): readonly ProgramEvent[] {
  return dms.of('session').filter(({ handset, state }) => handset === phone.device && state === 'done');
}

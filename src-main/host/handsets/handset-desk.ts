import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import type { AttachedThing, Discovery } from '../../bearer/discovery.ts';
import type { Cache } from '../../cache/cache.ts';
import type { KeyedLock } from '../../cache/keyed-lock.ts';
import type { KnownHandset } from '../../contract/handsets.ts';
import type { HostChange, HostState } from '../../contract/host-state.ts';
import type { ResultOf } from '../../contract/requests.ts';
import type { Identity } from '../../handset/identify/identity.ts';
import type { HandsetRecord, HandsetRegistry } from '../../handset/registry.ts';
import { addressOf, type StandingOf } from '../../handset/ways.ts';
import type { Engine } from '../../operations/engine.ts';
import { findAddress } from '../../operations/handset-place.ts';
import {
  forgetHandset,
  type HandsetList,
  joinHandsets,
  renameHandset,
  tellHandsetsApart,
} from '../../operations/handsets.ts';
import type { Seen } from '../../operations/onward.ts';
import { bearersOf, type HandsetStanding, handsetView, packageView } from '../../operations/views.ts';
import type { Handlers } from '../request-desk.ts';
import { AttachedThings } from './attached-things.ts';
import { cardPresence } from './card-presence.ts';
import { PresenceLook, type Reach } from './presence-look.ts';
import { PromptDesk } from './prompt-desk.ts';
import { addSamplePackage } from './sample-package.ts';
import { virtualCatalogue } from './virtual-catalogue.ts';
import { notRunning, type PhoneChoice, VIRTUAL_MODEL, VirtualPhones } from './virtual-phones.ts';
import { WayStandings } from './way-standings.ts';
import { WhileFollowed } from './while-followed.ts';

export interface HandsetDeskOptions {
  readonly handsets: HandsetRegistry;
  readonly cache: Pick<Cache, 'list' | 'receive'>;
  readonly turns: KeyedLock;
  /** Virtual handsets keep below it what is on them. */
  readonly folder: string;
  readonly clock: Clock;
  /** Where we wait ourselves for somebody who calls. Default: nowhere. */
  readonly occupied?: (key: string) => boolean;
  readonly changed: (change: HostChange) => void;
  /** Something for people that belongs to no request. */
  readonly note: (text: string) => void;
  readonly discovery: Discovery;
  /** Asks something attached who it is. */
  readonly identify: (thing: AttachedThing, signal: AbortSignal) => Promise<Identity>;
  /** Octets a second at an address, where that was measured. */
  readonly rate?: (address: string) => number | undefined;
  /** Default: 3 s between two looks whether handsets are there. */
  readonly lookEvery?: Duration;
  /** Default: as `PresenceLook` has it. */
  readonly reach?: Reach;
}

/** Requests about handsets themselves. */
export type HandsetRequests =
  | 'handsets.list'
  | 'handsets.find'
  | 'handsets.rename'
  | 'handsets.forget'
  | 'handsets.join'
  | 'handsets.differ'
  | 'virtual.start'
  | 'virtual.stop'
  | 'virtual.faults'
  | 'virtual.catalogue'
  | 'prompts.answer';

const LOOK_EVERY = seconds(3);
/** The maker that a virtual handset names in its DevInfo. */
const VIRTUAL_MAKER = 'PC Agent';

/** What is attached to this computer, the virtual handsets among it, and what their owners are asked. */
export class HandsetDesk {
  readonly handlers: Pick<Handlers, HandsetRequests>;
  readonly #options: HandsetDeskOptions;
  readonly #standings = new WayStandings();
  readonly #look: PresenceLook;
  readonly #things: AttachedThings;
  readonly #prompts: PromptDesk;
  readonly #phones: VirtualPhones;
  readonly #loop: WhileFollowed;
  /** Each card as it was told last. */
  readonly #told = new Map<string, string>();
  /** Addresses of virtual handsets that were stopped: a session that ends late does not bring their cards back. */
  readonly #stopped = new Map<string, string | undefined>();
  #sample: Promise<void> | undefined;

  constructor(options: HandsetDeskOptions) {
    this.#options = options;
    const { handsets, turns, folder, changed, note, reach, clock, discovery, identify, occupied } = options;
    this.#look = new PresenceLook({
      turns,
      tell: (address, standing) => this.#see(address, standing),
      covers: (address) => this.#standings.covers(address),
      ...(reach === undefined ? {} : { reach }),
    });
    this.#things = new AttachedThings({
      ...{ discovery, identify, handsets, turns, clock, changed, note, occupied, standings: this.#standings },
      tell: (devices) => this.#tellIfOther(devices),
    });
    this.#prompts = new PromptDesk(changed);
    this.#phones = new VirtualPhones({
      folder,
      prompts: this.#prompts,
      isTaken: (device) => this.#isTaken(device),
      onEnded: (device) => this.#ended(device),
      onChange: (device) => this.#tell(device),
      onMoved: (device, address) => this.#moved(device, address),
    });
    this.#loop = new WhileFollowed({
      every: options.lookEvery ?? LOOK_EVERY,
      work: (signal) => this.#look.lookAt(handsets.list(), signal),
      onProblem: (error) => note(`looking for handsets failed: ${String(error)}`),
    });
    this.handlers = this.#handlers();
  }

  /** What is known of the ways to handsets; looks nowhere. */
  readonly standingOf: StandingOf = (address) => this.#standings.of(address);

  /** Work that has the turn at an address has seen this: nobody else looks there meanwhile. */
  readonly seen: Seen = (address, presence) => this.#see(address, { presence });

  /** Puts a question of the host's own to whoever is there. */
  readonly ask: PromptDesk['ask'] = (prompt, signal) => this.#prompts.ask(prompt, signal);

  /**
   * Looks where this handset is, where nobody follows; who is at the ports is asked only when it is at none that is known.
   * @throws AbortError
   */
  readonly lookAround: Engine['lookAround'] = async (device, signal) => {
    await unlessAborted(this.#things.look(false), signal);
    const ways = this.#options.handsets.find(device)?.ways ?? [];
    if (this.#things.follows || ways.some(({ attached }) => attached === true)) return;
    await unlessAborted(this.#things.look(true), signal);
  };

  get state(): Pick<HostState, 'handsets' | 'attachments' | 'prompts'> {
    const handsets = this.#views();
    for (const view of handsets) this.#told.set(view.device, JSON.stringify(view));
    return { handsets, attachments: [...this.#things.list], prompts: [...this.#prompts.list] };
  }

  readonly view = (record: HandsetRecord): KnownHandset => this.#viewOf(record, this.#options.handsets.likenesses());

  #views(): KnownHandset[] {
    const { handsets } = this.#options;
    const likenesses = handsets.likenesses();
    return handsets.list().map((record) => this.#viewOf(record, likenesses));
  }

  #viewOf(record: HandsetRecord, likenesses: ReturnType<HandsetRegistry['likenesses']>): KnownHandset {
    const { rate } = this.#options;
    const view = handsetView(record, this.#presenceOf(record), likenesses.get(record.device), rate);
    const faults = this.#phones.faultsOf(record.device);
    if (faults === undefined) return view;
    const own = this.#phones.addressesOf(record.device);
    const known = view.bearers.map((chip) => chip.address);
    const others = own.filter((address) => !known.includes(address));
    // Another handset of the same number may have been met elsewhere: it is reached where it says itself.
    const address = record.address !== undefined && own.includes(record.address) ? record.address : own[0];
    const bearers = [...view.bearers, ...others.flatMap(bearersOf)];
    return { ...view, ...(address === undefined ? {} : { address }), faults: [...faults], bearers };
  }

  #presenceOf(record: HandsetRecord): HandsetStanding {
    const { metAt, device, ways } = record;
    const owner = ways.length === 0 && metAt !== undefined ? this.#options.handsets.at(metAt) : undefined;
    return cardPresence(record, owner !== undefined && owner.device !== device);
  }

  /** Handsets are looked for while faces follow. */
  followed(faces: number): void {
    this.#loop.follow(faces > 0);
    this.#things.follow(faces > 0);
  }

  /** A row of the list differs. A handset that a session has met is there. */
  onChange(record: HandsetRecord, how: 'met' | 'left' | 'renamed'): void {
    const { device, metAt } = record;
    if (how !== 'renamed' && this.#stopped.has(device) && this.#stopped.get(device) === metAt) {
      void this.#options.handsets.forget(device).catch(() => undefined);
      return;
    }
    const [place] = this.#phones.addressesOf(device);
    // A session that ends late tells of where it was before; any other address is a way to it, such as a cable's.
    const late = metAt !== undefined && this.#phones.hasLeft(device, metAt);
    if (how !== 'renamed' && place !== undefined && late) this.#moved(device, place);
    if (how !== 'renamed' && metAt !== undefined && isLookedAt(metAt)) {
      this.#standings.see(metAt, { presence: how === 'met' ? 'attached' : 'away' });
    }
    if (how === 'met') this.#things.met(record);
    this.#told.delete(device);
    // As it stands now that it is known to be there.
    this.#tellIfOther([device]);
    // Another one may have lost its place, or be like this one.
    this.#tellIfOther([...this.#told.keys()]);
  }

  onForgotten({ device }: HandsetRecord, into?: HandsetRecord): void {
    this.#told.delete(device);
    this.#options.changed({ kind: 'handset-gone', device });
    this.#things.forgotten(device, into?.device);
    this.#tellIfOther([...this.#told.keys()]);
  }

  /** Ends the virtual handsets. */
  async close(): Promise<void> {
    await Promise.all([this.#loop.close(), this.#things.close(), this.#phones.close()]);
  }

  #handlers(): Pick<Handlers, HandsetRequests> {
    const { handsets, turns } = this.#options;
    const inSession = (address: string) => this.#look.inSession(address) && !this.#things.asks(address);
    // Who is asked who he is has no session.
    const held = (key: string) => turns.held(key) && !this.#things.asks(key);
    const list: HandsetList = { handsets, turns: { held }, view: this.view, inSession };
    return {
      'handsets.list': async (_params, { signal }) => {
        await unlessAborted(this.#things.look(true), signal);
        return { handsets: this.#views(), attachments: [...this.#things.list] };
      },
      'handsets.find': async ({ handset }, context) => ({
        address: await findAddress({ handsets, lookAround: this.lookAround }, handset, context),
      }),
      'handsets.join': (params) => joinHandsets(list, params),
      'handsets.differ': (params) => tellHandsetsApart(list, params),
      'handsets.rename': (params) => renameHandset(list, params),
      'handsets.forget': async (params) => {
        const { forgotten } = await forgetHandset(list, params);
        await this.#phones.stop(forgotten);
        return { forgotten };
      },
      'virtual.start': (params, { signal }) => this.#start(params, signal),
      'virtual.stop': ({ device }) => this.#stop(device),
      'virtual.faults': ({ device, faults }, { signal }) => this.#setFaults(device, faults, signal),
      'virtual.catalogue': async () => virtualCatalogue(),
      'prompts.answer': async (params, { signal }) => {
        await this.#prompts.answer(params, signal);
        return {};
      },
    };
  }

  async #start(choice: PhoneChoice, signal: AbortSignal): Promise<ResultOf<'virtual.start'>> {
    const { handsets } = this.#options;
    const [{ model, ...phone }] = await Promise.all([this.#phones.start(signal, choice), this.#addSample()]);
    this.#stopped.delete(phone.device);
    try {
      await handsets.met({ ...phone, manufacturer: VIRTUAL_MAKER, model, speaksDm: true });
    } catch (error) {
      await this.#phones.stop(phone.device);
      throw error;
    }
    return phone;
  }

  /** Once in a run of the host: who removes it does not want it. A full disk does not keep a handset from starting. */
  #addSample(): Promise<void> {
    const { cache, changed, note } = this.#options;
    this.#sample ??= addSamplePackage(cache, VIRTUAL_MODEL).then(
      (added) => {
        if (added !== undefined) changed({ kind: 'package', package: packageView(added) });
      },
      (error) => {
        this.#sample = undefined;
        note(`the demo phone has no package to install: ${String(error)}`);
      },
    );
    return this.#sample;
  }

  async #setFaults(name: string, faults: readonly string[], signal: AbortSignal): Promise<ResultOf<'virtual.faults'>> {
    const { device } = this.#virtual(name);
    return { device, faults: [...(await this.#phones.setFaults(device, faults, signal))] };
  }

  /** It has said so itself; its row is that of the place where it is now. */
  #moved(device: string, address: string): void {
    const { handsets, note } = this.#options;
    const known = handsets.find(device)?.metAt ?? '';
    if (this.#phones.addressesOf(device).includes(known)) return;
    handsets.met({ device, address }).catch((error) => note(`where ${device} is now was not kept: ${String(error)}`));
  }

  /** @throws PcAgentError `handset/unknown`, `handset/not-virtual` */
  #virtual(name: string): { readonly device: string; readonly known: HandsetRecord | undefined } {
    const known = this.#options.handsets.named(name);
    const device = known?.device ?? name;
    if (known === undefined && !this.#phones.has(device)) {
      throw new PcAgentError('handset/unknown', `no handset ${name} is known`, { retry: 'after-operator' });
    }
    if (known?.virtual === false) {
      throw new PcAgentError('handset/not-virtual', `${name} is no virtual handset`);
    }
    return { device, known };
  }

  async #stop(name: string): Promise<ResultOf<'virtual.stop'>> {
    const { handsets } = this.#options;
    const { device, known } = this.#virtual(name);
    if (!this.#phones.has(device)) throw notRunning(device);
    this.#stopped.set(device, known?.metAt);
    await this.#phones.stop(device);
    if (handsets.find(device) !== undefined) await handsets.forget(device);
    return { stopped: device };
  }

  /** Somebody else has a handset of this number: it is there, or was met where none of this host's ever is. */
  #isTaken(device: string): boolean {
    const known = this.#options.handsets.find(device);
    if (known === undefined) return false;
    if (this.#presenceOf(known).presence === 'attached') return true;
    return !this.#phones.hasHome(device) || known.metAt?.startsWith('tcp:127.0.0.1:') !== true;
  }

  /** What was seen at an address that discovery does not cover. */
  #see(address: string, standing: HandsetStanding): void {
    if (!this.#standings.see(address, standing)) return;
    const device = this.#options.handsets.at(address)?.device;
    if (device !== undefined) this.#tell(device);
  }

  /** Nothing listens any more where it was. */
  #ended(device: string): void {
    const record = this.#options.handsets.find(device);
    for (const { address, kind } of record?.ways ?? []) {
      if (kind === 'tcp') this.#standings.see(address, { presence: 'away' });
    }
    this.#tell(device);
  }

  #tell(device: string): void {
    this.#told.delete(device);
    this.#tellIfOther([device]);
  }

  /** Each card that is not as it was told last. */
  #tellIfOther(devices: readonly string[]): void {
    const { handsets, changed } = this.#options;
    if (devices.length === 0) return;
    const likenesses = handsets.likenesses();
    const records = new Map(handsets.list().map((record) => [record.device, record]));
    for (const device of new Set(devices)) {
      const record = records.get(device);
      if (record === undefined) continue;
      const handset = this.#viewOf(record, likenesses);
      const text = JSON.stringify(handset);
      if (this.#told.get(device) === text) continue;
      this.#told.set(device, text);
      changed({ kind: 'handset', handset });
    }
  }
}

/** Of others nobody would ever learn that they have gone. */
function isLookedAt(address: string | undefined): boolean {
  const kind = addressOf(address)?.kind;
  return kind === 'tcp' || kind === 'serial';
}

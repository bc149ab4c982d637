import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { ListSerialPorts } from '../../bearer/serial/port-list.ts';
import type { Cache } from '../../cache/cache.ts';
import type { KeyedLock } from '../../cache/keyed-lock.ts';
import type { KnownHandset } from '../../contract/handsets.ts';
import type { HostChange, HostState } from '../../contract/host-state.ts';
import type { ResultOf } from '../../contract/requests.ts';
import type { HandsetRecord, HandsetRegistry } from '../../handset/registry.ts';
import { forgetHandset, type HandsetList, listHandsets, renameHandset } from '../../operations/handsets.ts';
import { bearersOf, handsetView, packageView } from '../../operations/views.ts';
import type { Handlers } from '../request-desk.ts';
import { Attachments } from './attachments.ts';
import { Presence } from './presence.ts';
import { addressOf, PresenceLook, type Reach } from './presence-look.ts';
import { PromptDesk } from './prompt-desk.ts';
import { addSamplePackage } from './sample-package.ts';
import { virtualCatalogue } from './virtual-catalogue.ts';
import { notRunning, type PhoneChoice, VIRTUAL_MODEL, VirtualPhones } from './virtual-phones.ts';
import { WhileFollowed } from './while-followed.ts';

export interface HandsetDeskOptions {
  readonly handsets: HandsetRegistry;
  readonly cache: Pick<Cache, 'list' | 'receive'>;
  readonly turns: KeyedLock;
  /** Virtual handsets keep below it what is on them. */
  readonly folder: string;
  readonly now: () => Date;
  readonly changed: (change: HostChange) => void;
  /** Something for people that belongs to no request. */
  readonly note: (text: string) => void;
  readonly listPorts: ListSerialPorts;
  /** Default: 3 s between two looks whether handsets are there. */
  readonly lookEvery?: Duration;
  /** Default: as `PresenceLook` has it. */
  readonly reach?: Reach;
}

/** Requests about handsets themselves. */
export type HandsetRequests =
  | 'handsets.list'
  | 'handsets.rename'
  | 'handsets.forget'
  | 'virtual.start'
  | 'virtual.stop'
  | 'virtual.faults'
  | 'virtual.catalogue'
  | 'prompts.answer';

const LOOK_EVERY = seconds(3);
const PORTS_EVERY = seconds(2);
/** The maker that a virtual handset names in its DevInfo. */
const VIRTUAL_MAKER = 'PC Agent';

/** What is attached to this computer, the virtual handsets among it, and what their owners are asked. */
export class HandsetDesk {
  readonly handlers: Pick<Handlers, HandsetRequests>;
  readonly #options: HandsetDeskOptions;
  readonly #presence: Presence;
  readonly #look: PresenceLook;
  readonly #attachments: Attachments;
  readonly #prompts: PromptDesk;
  readonly #phones: VirtualPhones;
  readonly #loops: readonly WhileFollowed[];
  /** Addresses of virtual handsets that were stopped: a session that ends late does not bring their cards back. */
  readonly #stopped = new Map<string, string | undefined>();
  #sample: Promise<void> | undefined;

  constructor(options: HandsetDeskOptions) {
    this.#options = options;
    const { handsets, turns, folder, now, changed, listPorts, note, reach } = options;
    this.#presence = new Presence((device) => this.#tell(device));
    this.#look = new PresenceLook({
      turns,
      tell: (device, standing) => this.#presence.set(device, standing),
      ...(reach === undefined ? {} : { reach }),
    });
    const knownAddresses = () => handsets.list().map(({ address }) => address);
    this.#attachments = new Attachments({ listPorts, knownAddresses, now, changed });
    this.#prompts = new PromptDesk(changed);
    this.#phones = new VirtualPhones({
      folder,
      prompts: this.#prompts,
      isTaken: (device) => this.#isTaken(device),
      onEnded: (device) => this.#presence.set(device, { presence: 'away' }),
      onChange: (device) => this.#tell(device),
      onMoved: (device, address) => this.#moved(device, address),
    });
    const onProblem = (error: unknown) => note(`looking for handsets failed: ${String(error)}`);
    const lookAt = (signal: AbortSignal) => this.#look.lookAt(handsets.list(), signal);
    this.#loops = [
      new WhileFollowed({ every: options.lookEvery ?? LOOK_EVERY, work: lookAt, onProblem }),
      new WhileFollowed({ every: PORTS_EVERY, work: (signal) => this.#attachments.look(signal), onProblem }),
    ];
    this.handlers = this.#handlers();
  }

  get state(): Pick<HostState, 'handsets' | 'attachments' | 'prompts'> {
    const { handsets } = this.#options;
    return {
      handsets: handsets.list().map(this.view),
      attachments: [...this.#attachments.list],
      prompts: [...this.#prompts.list],
    };
  }

  readonly view = (record: HandsetRecord): KnownHandset => {
    const view = handsetView(record, this.#presence.of(record.device));
    const faults = this.#phones.faultsOf(record.device);
    if (faults === undefined) return view;
    const own = this.#phones.addressesOf(record.device);
    const others = own.filter((address) => address !== record.address);
    // Another handset of the same number may have been met elsewhere: it is reached where it says itself.
    const address = record.address !== undefined && own.includes(record.address) ? record.address : own[0];
    const bearers = [...view.bearers, ...others.flatMap(bearersOf)];
    return { ...view, ...(address === undefined ? {} : { address }), faults: [...faults], bearers };
  };

  /** Handsets are looked for while faces follow. */
  followed(faces: number): void {
    for (const loop of this.#loops) loop.follow(faces > 0);
  }

  /** A row of the list differs. A handset that a session has met is there. */
  onChange(record: HandsetRecord, how: 'met' | 'renamed'): void {
    const { device, address } = record;
    if (how === 'met' && this.#stopped.has(device) && this.#stopped.get(device) === address) {
      void this.#options.handsets.forget(device).catch(() => undefined);
      return;
    }
    const [place] = this.#phones.addressesOf(device);
    // A session that ends late tells of where it was before; any other address is a way to it, such as a cable's.
    const late = address !== undefined && this.#phones.hasLeft(device, address);
    if (how === 'met' && place !== undefined && late) this.#moved(device, place);
    if (how === 'met' && isLookedAt(address)) this.#presence.note(device, { presence: 'attached' });
    this.#options.changed({ kind: 'handset', handset: this.view(record) });
    this.#attachments.refresh();
  }

  onForgotten({ device }: HandsetRecord): void {
    this.#presence.forget(device);
    this.#options.changed({ kind: 'handset-gone', device });
    this.#attachments.refresh();
  }

  /** Ends the virtual handsets. */
  async close(): Promise<void> {
    await Promise.all([...this.#loops.map((loop) => loop.close()), this.#phones.close()]);
  }

  #handlers(): Pick<Handlers, HandsetRequests> {
    const { handsets, turns } = this.#options;
    const inSession = (address: string) => this.#look.inSession(addressOf(address)?.text ?? address);
    const list: HandsetList = { handsets, turns, view: this.view, inSession };
    return {
      'handsets.list': async () => listHandsets(list),
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
      await handsets.met({ ...phone, manufacturer: VIRTUAL_MAKER, model });
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
    const known = handsets.find(device)?.address ?? '';
    if (this.#phones.addressesOf(device).includes(known)) return;
    handsets.met({ device, address }).catch((error) => note(`where ${device} is now was not kept: ${String(error)}`));
  }

  /** @throws PcAgentError `handset/unknown`, `handset/not-virtual` */
  #virtual(name: string): { readonly device: string; readonly known: HandsetRecord | undefined } {
    const known = this.#options.handsets.find(name);
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
    this.#stopped.set(device, known?.address);
    await this.#phones.stop(device);
    if (handsets.find(device) !== undefined) await handsets.forget(device);
    return { stopped: device };
  }

  /** Somebody else has a handset of this number: it is there, or was met where none of this host's ever is. */
  #isTaken(device: string): boolean {
    const known = this.#options.handsets.find(device);
    if (this.#presence.of(device).presence === 'attached') return true;
    if (known === undefined) return false;
    return !this.#phones.hasHome(device) || known.address?.startsWith('tcp:127.0.0.1:') !== true;
  }

  #tell(device: string): void {
    const record = this.#options.handsets.find(device);
    if (record !== undefined) this.#options.changed({ kind: 'handset', handset: this.view(record) });
  }
}

/** Of others nobody would ever learn that they have gone. */
function isLookedAt(address: string | undefined): boolean {
  const kind = addressOf(address)?.kind;
  return kind === 'tcp' || kind === 'serial';
}

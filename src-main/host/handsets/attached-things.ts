import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { isAbort } from '../../base/errors.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import type { AttachedReason, AttachedThing, Discovery } from '../../bearer/discovery.ts';
import type { KeyedLock } from '../../cache/keyed-lock.ts';
import type { Attachment } from '../../contract/handsets.ts';
import type { HostChange } from '../../contract/host-state.ts';
import type { Identity } from '../../handset/identify/identity.ts';
import { isProvisionalName, markOf, meetingOf, waysOf } from '../../handset/identity.ts';
import type { Meeting } from '../../handset/meeting.ts';
import { isOtherModel } from '../../handset/merge.ts';
import type { HandsetRecord, HandsetRegistry } from '../../handset/registry.ts';
import { turnKeyOf } from '../../handset/ways.ts';
import { Asker } from './asker.ts';
import { attachmentOf } from './attachment-rows.ts';
import { withoutSharedMarks } from './shared-marks.ts';
import { usbNames } from './usb-names.ts';
import type { WayStandings } from './way-standings.ts';

export interface AttachedThingsOptions {
  readonly discovery: Discovery;
  readonly identify: (thing: AttachedThing, signal: AbortSignal) => Promise<Identity>;
  readonly handsets: Pick<HandsetRegistry, 'met' | 'marked' | 'at' | 'find'>;
  readonly standings: WayStandings;
  readonly turns: Pick<KeyedLock, 'held' | 'take'>;
  readonly clock: Clock;
  /** Where we wait ourselves for somebody who calls. Default: nowhere. */
  readonly occupied?: ((key: string) => boolean) | undefined;
  readonly changed: (change: HostChange) => void;
  /** The ways of these cards may stand otherwise. */
  readonly tell: (devices: readonly string[]) => void;
  /** Something for people that belongs to no request. */
  readonly note: (text: string) => void;
}

/** How long a look at what is attached may keep somebody waiting. */
const LOOK_LIMIT = seconds(3);
/** Before discovery that has failed is tried again, the first time and at most. */
const AGAIN: Duration = seconds(1);
const AGAIN_MOST = seconds(30);

/** How what was found is taken: whether it is told anew all the time, and whether somebody may be asked who it is. */
interface Taking {
  readonly watched: boolean;
  readonly asks: boolean;
}

const WATCHED: Taking = { watched: true, asks: true };

/** What is attached by cable or near over the air: whose it is, and what nobody knows or can use. */
export class AttachedThings {
  readonly #options: AttachedThingsOptions;
  readonly #asker: Asker;
  readonly #rows = new Map<string, Attachment>();
  readonly #since = new Map<string, string>();
  /** What discovery has found last. */
  #found: readonly AttachedThing[] = [];
  /** Marks of things that are under it together with others. */
  #shared: ReadonlyMap<string, string> = new Map();
  /** Things that were asked all that they can be asked. */
  readonly #done = new Set<string>();
  /** Cards that were at each thing, to be told when it goes. */
  #touched: ReadonlySet<string> = new Set();
  /** Said once, however often it is tried. */
  #said: string | undefined;
  #watch: AbortController | undefined;
  #watching: Promise<void> = Promise.resolve();
  readonly #end = new AbortController();
  #work: Promise<void> = Promise.resolve();
  /** Those under way, by whether they ask. */
  readonly #looks = new Map<boolean, Promise<void>>();

  constructor(options: AttachedThingsOptions) {
    this.#options = options;
    const { turns, clock, identify, note, occupied } = options;
    this.#asker = new Asker({
      ...{ turns, clock, identify, occupied },
      keysOf: (thing) => this.#keysOf(thing),
      otherKeysOf: usbNames,
      answered: (thing, identity) => this.#answered(thing, identity),
      changed: () => this.#show(),
      onProblem: (error) => note(`a handset could not be asked who it is: ${String(error)}`),
    });
  }

  get list(): readonly Attachment[] {
    return [...this.#rows.values()];
  }

  /** A question of ours is under way at this address. */
  asks(address: string): boolean {
    return this.#asker.holds(turnKeyOf(address));
  }

  /** Follows what comes and goes, or no more. */
  follow(on: boolean): void {
    if (this.#end.signal.aborted || on === (this.#watch !== undefined)) return;
    this.#watch?.abort();
    this.#watch = undefined;
    if (!on) {
      this.#options.standings.unwatched();
      this.#asker.rest();
      return;
    }
    this.#watch = new AbortController();
    this.#watching = this.#follow(AbortSignal.any([this.#watch.signal, this.#end.signal]), this.#watching);
  }

  get follows(): boolean {
    return this.#watch !== undefined;
  }

  /**
   * One look for who does not follow, and for all who want one meanwhile.
   * @param asks until each thing was asked who it is or the time is over, also when somebody has just looked. Otherwise
   * nobody is asked.
   */
  look(asks: boolean): Promise<void> {
    const underWay = this.#looks.get(asks);
    if (underWay !== undefined) return underWay;
    const bounded = AbortSignal.any([AbortSignal.timeout(LOOK_LIMIT), this.#end.signal]);
    const look = this.#look(asks, bounded).finally(() => this.#looks.delete(asks));
    this.#looks.set(asks, look);
    return look;
  }

  async #look(asks: boolean, signal: AbortSignal): Promise<void> {
    const { discovery, standings } = this.#options;
    try {
      if (!standings.isFresh || (asks && !this.follows)) {
        const things = await unlessAborted(discovery.look(signal), signal);
        await this.#take(things, { watched: false, asks });
      } else await this.#work;
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) this.#failed(error);
    }
    if (!asks) return;
    await this.#asker.settled(signal);
    if (!this.follows) this.#asker.rest();
  }

  /** A session, or somebody else, has met this handset. */
  met(record: HandsetRecord): void {
    const { standings } = this.#options;
    const thing = record.metAt === undefined ? undefined : standings.thingAt(record.metAt);
    if (thing === undefined || standings.ownerOf(thing) === record.device) return;
    standings.own(thing, record.device);
    this.#show();
  }

  /**
   * Its card has gone: what is attached is nobody's, and is asked again when somebody looks.
   * @param into the card that it has become: what is attached is that one's as long as it is
   */
  forgotten(device: string, into?: string): void {
    const { standings } = this.#options;
    if (into !== undefined) {
      for (const thing of standings.things) if (standings.ownerOf(thing) === device) standings.own(thing, into);
      this.#show();
      return;
    }
    for (const thing of standings.things) {
      if (standings.ownerOf(thing) !== device) continue;
      this.#done.delete(thing.id);
      // It may be waiting for a later question.
      this.#asker.leave(thing.id);
    }
    standings.disown(device);
    this.#show();
    if (this.#watch !== undefined) void this.#take(this.#found, WATCHED);
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#asker.close();
    await Promise.all([this.#watching, this.#work]);
  }

  async #follow(signal: AbortSignal, before: Promise<void>): Promise<void> {
    await before;
    const { discovery, clock } = this.#options;
    let pause = AGAIN;
    while (!signal.aborted) {
      try {
        await discovery.watch((things) => {
          pause = AGAIN;
          if (!signal.aborted) void this.#take(things, WATCHED);
        }, signal);
      } catch (error) {
        if (!signal.aborted) this.#failed(error);
      }
      // Also one that ends by itself is no reason to ask it without a pause.
      await clock.sleep(pause, signal).catch(() => undefined);
      pause = Math.min(pause * 2, AGAIN_MOST) as Duration;
    }
  }

  #failed(error: unknown): void {
    this.#options.standings.unwatched();
    const text = `what is attached by cable cannot be seen at the moment: ${String(error)}`;
    if (text !== this.#said) this.#options.note(text);
    this.#said = text;
  }

  /** One after the other: what is kept of the first must be there for the second. */
  #take(things: readonly AttachedThing[], how: Taking): Promise<void> {
    const { note } = this.#options;
    this.#work = this.#work
      .then(() => this.#taken(things, how))
      .catch((error) => note(`what is attached by cable was not kept: ${String(error)}`));
    return this.#work;
  }

  async #taken(found: readonly AttachedThing[], { watched, asks }: Taking): Promise<void> {
    if (this.#end.signal.aborted) return;
    const { things, shared } = withoutSharedMarks(found);
    this.#found = found;
    this.#shared = shared;
    const { standings, clock } = this.#options;
    this.#said = undefined;
    const touched = this.#touched;
    const changedReasons = this.#changedReasons(things);
    for (const id of standings.found(things, watched || this.#watch !== undefined)) {
      this.#asker.leave(id);
      this.#done.delete(id);
      this.#since.delete(id);
    }
    for (const id of changedReasons) this.#asker.leave(id);
    const current = new Set<string>();
    for (const thing of things) {
      if (!this.#since.has(thing.id)) this.#since.set(thing.id, clock.now().toISOString());
      const record = await this.#known(thing);
      for (const { address } of thing.functions) {
        const device = this.#options.handsets.at(address)?.device;
        if (device !== undefined) current.add(device);
      }
      if (record !== undefined) current.add(record.device);
      if (asks && !this.#done.has(thing.id) && isAskable(thing) && isMissing(record, thing)) this.#asker.ask(thing);
    }
    this.#touched = current;
    this.#show();
    this.#options.tell([...new Set([...touched, ...current])]);
  }

  /** Whose thing it is, as far as that is known without asking. */
  async #known(thing: AttachedThing): Promise<HandsetRecord | undefined> {
    const { standings, handsets, note } = this.#options;
    const owner = standings.ownerOf(thing);
    if (owner !== undefined) return handsets.find(owner);
    const mark = markOf(thing);
    const marked = mark === undefined ? undefined : handsets.marked(mark);
    if (marked === undefined) return undefined;
    standings.own(thing, marked.device);
    const address = thing.functions[0]?.address;
    try {
      return await handsets.met({ device: marked.device, mark, address, ways: waysOf(thing) });
    } catch (error) {
      // On a full disk it is there all the same.
      note(`where a handset is was not kept: ${String(error)}`);
      return marked;
    }
  }

  /** Things that can be used now and could not before, or the other way round: a pause after a failure is over. */
  #changedReasons(things: readonly AttachedThing[]): readonly string[] {
    const before = new Map(this.#options.standings.things.map((thing) => [thing.id, reasonsOf(thing)]));
    return things
      .filter((thing) => before.has(thing.id) && before.get(thing.id) !== reasonsOf(thing))
      .map(({ id }) => id);
  }

  async #answered(thing: AttachedThing, identity: Identity): Promise<AttachedReason | undefined> {
    const { handsets, standings } = this.#options;
    const own = standings.ownerOf(thing);
    const meeting = ofOwner(meetingOf(identity, thing), own === undefined ? undefined : handsets.find(own));
    if (meeting === undefined) {
      if (own === undefined) return identity.reason ?? 'bearer/unusable';
      // It is known by its number, and has no more to say.
      this.#done.add(thing.id);
      return undefined;
    }
    // Who has said its DevId under a mark that is another one's makes it known that it tells nothing.
    const mark = meeting.mark ?? (identity.strong ? this.#shared.get(thing.id) : undefined);
    const record = await handsets.met({ ...meeting, mark });
    if (!standings.isThere(thing)) return undefined;
    standings.own(thing, record.device);
    // Its plug has said who it is, and it has said nothing itself: there is more to ask.
    const broken = identity.speaksDm === undefined && isMissing(record, thing) ? identity.reason : undefined;
    if (broken === undefined) this.#done.add(thing.id);
    this.#touched = new Set([...this.#touched, record.device]);
    this.#options.tell([record.device, ...(own === undefined || own === record.device ? [] : [own])]);
    return broken;
  }

  /** Its addresses, those under which it is known besides, and its card's: sessions with it hold one of them. */
  #keysOf(thing: AttachedThing): readonly string[] {
    const { handsets, standings } = this.#options;
    const keys = new Set(thing.functions.map(({ address }) => turnKeyOf(address)));
    for (const { address } of thing.functions) {
      for (const way of handsets.at(address)?.ways ?? []) {
        if (standings.thingAt(way.address)?.id === thing.id) keys.add(turnKeyOf(way.address));
      }
    }
    const owner = standings.ownerOf(thing);
    return [...keys, ...(owner === undefined ? [] : [`device ${owner}`])];
  }

  /** Tells of rows that are new, differ or have gone. */
  #show(): void {
    const { standings, handsets, changed } = this.#options;
    const wanted = new Map<string, Attachment>();
    for (const thing of standings.things) {
      const owner = standings.ownerOf(thing);
      if (owner !== undefined && handsets.find(owner) !== undefined) continue;
      const since = this.#since.get(thing.id) ?? this.#options.clock.now().toISOString();
      const state = { asking: this.#asker.isAsking(thing), reason: this.#asker.reasonOf(thing), since };
      const row = attachmentOf(thing, state);
      // Two devices without a number of their own may have the same address.
      const address = wanted.has(row.address) ? thing.id : row.address;
      wanted.set(address, { ...row, address });
    }
    for (const address of [...this.#rows.keys()]) {
      if (wanted.has(address)) continue;
      this.#rows.delete(address);
      changed({ kind: 'attachment-gone', address });
    }
    for (const [address, attachment] of wanted) {
      if (JSON.stringify(this.#rows.get(address)) === JSON.stringify(attachment)) continue;
      this.#rows.set(address, attachment);
      changed({ kind: 'attachment', attachment });
    }
  }
}

/** Who has told its DevId since it was plugged in, in a session for instance, is who says no number now. */
function ofOwner(meeting: Meeting | undefined, owner: HandsetRecord | undefined): Meeting | undefined {
  if (meeting === undefined || owner === undefined || !isProvisionalName(meeting.device)) return meeting;
  return owner.provisional || isOtherModel(owner, meeting) ? meeting : { ...meeting, device: owner.device };
}

/** Whether one of its functions can be used now. */
function isAskable({ functions, reason }: AttachedThing): boolean {
  return reason === undefined && functions.some((way) => way.reason === undefined);
}

/** Whether there is something to ask it. */
function isMissing(record: HandsetRecord | undefined, { functions }: AttachedThing): boolean {
  if (record === undefined || record.provisional) return true;
  const { manufacturer, model, firmware, speaksDm } = record;
  const asksDm = functions.some(({ kind }) => kind !== 'serial');
  return [manufacturer, model, firmware].includes(undefined) || (asksDm && speaksDm === undefined);
}

function reasonsOf({ functions, reason }: AttachedThing): string {
  return JSON.stringify([reason, functions.map((way) => way.reason)]);
}

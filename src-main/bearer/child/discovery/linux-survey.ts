import type { Clock } from '../../../base/clock.ts';
import type { AttachedFunction, Holder } from '../../discovery.ts';
import { DeviceFolders, type NodeEvent } from './device-folders.ts';
import { readOtherPorts } from './other-ports.ts';
import { type ChangeEvents, FirstSeen, type Found, type Survey } from './survey.ts';
import { type NodeAccess, SystemFiles } from './system-files.ts';
import { type Sighting, usbSightings } from './usb-sighting.ts';
import { UsbTree } from './usb-tree.ts';
import { type Way, WayFacts } from './way-facts.ts';

export interface LinuxSurveyOptions {
  readonly clock: Clock;
  /** Folder in which `sys`, `dev`, `proc` and `run` are. Default `/`. */
  readonly root?: string;
  readonly access?: (node: string) => NodeAccess;
  readonly ownProcesses: ReadonlySet<number>;
  readonly phoneVendors: ReadonlySet<number>;
}

/** More is not shown. */
const MAX_THINGS = 256;

/** What Linux shows in /sys, /dev and /proc; nothing is opened. */
export function linuxSurvey(options: LinuxSurveyOptions): Survey {
  return new LinuxSurvey(options);
}

class LinuxSurvey implements Survey {
  readonly #options: LinuxSurveyOptions;
  readonly #files: SystemFiles;
  readonly #tree: UsbTree;
  readonly #facts: WayFacts;
  readonly #firstSeen = new FirstSeen();
  /** Nodes that this user could not open at the last look: news of their rights are of interest. */
  #refused: ReadonlySet<string> = new Set();

  constructor(options: LinuxSurveyOptions) {
    this.#options = options;
    this.#files = new SystemFiles(options.root);
    this.#tree = new UsbTree(this.#files, options.clock);
    this.#facts = new WayFacts({ ...options, files: this.#files });
  }

  async look(maxAge: number, signal: AbortSignal): Promise<readonly Found[]> {
    signal.throwIfAborted();
    const usb = usbSightings(await this.#tree.devices(signal), this.#options.phoneVendors);
    const ports = readOtherPorts(this.#files).map(portSighting);
    const sightings = [...usb, ...ports].slice(0, MAX_THINGS);
    const attachments = sightings.map(({ attachment }) => attachment);
    const seen = this.#firstSeen.ages(attachments, this.#options.clock.monotonic());
    const ages = sightings.map(({ connectedFor }, index) => connectedFor ?? seen[index] ?? 0);
    const ways = sightings.flatMap((one, index) => one.ways.map((way): Way => ({ ...way, age: ages[index] ?? 0 })));
    const taken = sightings.flatMap((one) => one.taken ?? []);
    const { functions, holderOf } = await this.#facts.look(ways, taken, maxAge, signal);
    this.#refused = new Set(ways.filter((_, index) => isRefused(functions[index])).map(({ node }) => node));
    return assembled(sightings, ages, functions, holderOf);
  }

  events(tell: () => void): ChangeEvents {
    return new DeviceFolders(this.#files, (event: NodeEvent) => {
      // Every octet written to a port is told as a change of its node.
      if (event.kind === 'comes-or-goes' || this.#refused.has(event.node)) tell();
    });
  }
}

function portSighting(name: string): Sighting {
  const node = `/dev/${name}`;
  return {
    attachment: `serial:${node}`,
    thing: { id: `serial:${node}`, place: name },
    ways: [{ kind: 'serial', address: `serial:${node}`, node, claims: [], marks: [] }],
  };
}

function isRefused(way: AttachedFunction | undefined): boolean {
  return way?.reason === 'bearer/permission-denied' || way?.reason === 'bearer/unusable';
}

/** @param functions those of all sightings, one after the other. */
function assembled(
  sightings: readonly Sighting[],
  ages: readonly number[],
  functions: readonly AttachedFunction[],
  holderOf: (node: string) => Holder | undefined,
): readonly Found[] {
  let at = 0;
  return sightings.map(({ thing, ways, lack, taken }, index) => {
    const own = functions.slice(at, at + ways.length);
    at += ways.length;
    const holder = taken === undefined ? undefined : holderOf(taken);
    const why = { ...lack, ...(holder === undefined ? {} : { holder }) };
    return { thing: { ...thing, functions: own, ...why }, age: ages[index] ?? 0 };
  });
}

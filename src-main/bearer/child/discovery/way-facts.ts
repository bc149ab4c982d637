import type { Clock } from '../../../base/clock.ts';
import type { AttachedFunction, Holder } from '../../discovery.ts';
import { type HoldersOf, isRunning, PortHolders } from './holders.ts';
import type { NodeAccess, SystemFiles } from './system-files.ts';

/** One way and what of the system it goes through. */
export interface Way {
  readonly kind: 'usb' | 'serial';
  readonly address: string;
  readonly service?: string;
  /** Device node, e.g. `/dev/ttyACM0`. */
  readonly node: string;
  /** Some program has claimed it, as the kernel says. */
  readonly claimed: boolean;
  /** Names in udev's database of what it belongs to, where a mark for the modem service may be. */
  readonly marks: readonly string[];
  /** Milliseconds that it has been there. */
  readonly age: number;
}

/** The modem service tries out a new port for some seconds, and then leaves it or keeps it. */
const MODEM_MANAGER = 'ModemManager';
const PROBING_MS = 15_000;
/** `E:` lines are properties (the database of udevd). */
const IGNORED = /^E:ID_MM_(?:DEVICE|PORT)_IGNORE=(?:1|true)$/m;
const MAX_MARKS = 65_536;

export interface WayFactsOptions {
  readonly files: SystemFiles;
  readonly clock: Clock;
  /** Instead of access(2). */
  readonly access?: (node: string) => Promise<NodeAccess>;
  /** Processes that are ours: what they hold is not taken. */
  readonly ownProcesses: ReadonlySet<number>;
}

type Trouble = Pick<AttachedFunction, 'reason' | 'holder' | 'os'>;

/** Says of each way why it cannot be used now, if so. It opens nothing. */
export class WayFacts {
  readonly #options: WayFactsOptions;
  readonly #holders: PortHolders;
  #modemManager: { readonly at: number; readonly runs: boolean } | undefined;

  constructor(options: WayFactsOptions) {
    this.#options = options;
    this.#holders = new PortHolders(options.files, options.clock);
  }

  /** @param maxAge milliseconds that what is known of other programs may be old. */
  async look(ways: readonly Way[], maxAge: number, signal: AbortSignal): Promise<readonly AttachedFunction[]> {
    // A USB device may be opened by many; only one that is claimed is taken.
    const asked = ways.filter(({ kind, claimed }) => kind === 'serial' || claimed);
    const holders = await this.#holders.of(new Set(asked.map(({ node }) => node)), maxAge, signal);
    return Promise.all(
      ways.map(async (way) => ({
        kind: way.kind,
        address: way.address,
        ...(way.service === undefined ? {} : { service: way.service }),
        ...(await this.#trouble(way, holders, maxAge)),
      })),
    );
  }

  async #trouble(way: Way, holders: HoldersOf, maxAge: number): Promise<Trouble> {
    const { access, files, ownProcesses } = this.#options;
    switch (await (access ?? ((node: string) => files.access(node)))(way.node)) {
      case 'denied':
        return { reason: 'bearer/permission-denied', os: `EACCES: ${way.node}` };
      case 'absent':
        return { reason: 'bearer/unusable', os: `ENOENT: ${way.node}` };
      case 'usable':
        break;
    }
    const found = holders.get(way.node) ?? [];
    if (found.some(({ pid }) => ownProcesses.has(pid))) return {};
    return this.#taken(way, found, maxAge);
  }

  async #taken(way: Way, found: readonly Holder[], maxAge: number): Promise<Trouble> {
    const [holder] = found;
    const modemManager = found.find(({ name }) => name === MODEM_MANAGER);
    if (modemManager !== undefined) return { reason: 'bearer/modem-manager', holder: modemManager };
    if (holder !== undefined) return { reason: 'bearer/busy', holder };
    if (way.kind === 'usb') return way.claimed ? { reason: 'bearer/busy', os: 'usbfs' } : {};
    if (way.age >= PROBING_MS || (await this.#isIgnored(way))) return {};
    return (await this.#modemManagerRuns(maxAge)) ? { reason: 'bearer/modem-manager' } : {};
  }

  async #isIgnored(way: Way): Promise<boolean> {
    const { files } = this.#options;
    const number = await files.text(`/sys/class/tty/${way.node.slice('/dev/'.length)}/dev`);
    const names = number === undefined ? way.marks : [`c${number}`, ...way.marks];
    const marks = await Promise.all(names.map((name) => files.text(`/run/udev/data/${name}`, MAX_MARKS)));
    return marks.some((text) => text !== undefined && IGNORED.test(text));
  }

  async #modemManagerRuns(maxAge: number): Promise<boolean> {
    const { clock, files } = this.#options;
    const known = this.#modemManager;
    if (known !== undefined && clock.monotonic() - known.at < maxAge) return known.runs;
    const runs = await isRunning(files, MODEM_MANAGER);
    this.#modemManager = { at: clock.monotonic(), runs };
    return runs;
  }
}

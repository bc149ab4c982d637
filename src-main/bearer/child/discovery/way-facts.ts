import type { Clock } from '../../../base/clock.ts';
import type { AttachedFunction, Holder } from '../../discovery.ts';
import { isRunning, PortHolders } from './holders.ts';
import type { NodeAccess, SystemFiles } from './system-files.ts';
import { driverOf, TAKEN_BY_PROGRAM } from './usb-tree.ts';

/** One way and what of the system it goes through. */
export interface Way {
  readonly kind: 'usb' | 'serial';
  readonly address: string;
  readonly service?: string;
  /** Device node, e.g. `/dev/ttyACM0`. */
  readonly node: string;
  /** Folders in sysfs of those of its interfaces that some program has claimed, as the kernel says. */
  readonly claims: readonly string[];
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

export interface WayFactsOptions {
  readonly files: SystemFiles;
  readonly clock: Clock;
  /** Instead of access(2). */
  readonly access?: (node: string) => NodeAccess;
  /** Processes that are ours: what they hold is not taken. */
  readonly ownProcesses: ReadonlySet<number>;
}

type Trouble = Pick<AttachedFunction, 'reason' | 'holder' | 'os'>;

interface Looked {
  /** In the order of the ways. */
  readonly functions: readonly AttachedFunction[];
  readonly holderOf: (node: string) => Holder | undefined;
}

/** Says of each way why it cannot be used now, if so. It opens nothing. */
export class WayFacts {
  readonly #options: WayFactsOptions;
  readonly #holders: PortHolders;
  #modemManager: { readonly at: number; readonly runs: boolean } | undefined;

  constructor(options: WayFactsOptions) {
    this.#options = options;
    this.#holders = new PortHolders(options.files, options.clock, options.ownProcesses);
  }

  /**
   * @param taken nodes of which only the holder is asked for.
   * @param maxAge milliseconds that what is known of other programs may be old.
   * @throws AbortError
   */
  async look(ways: readonly Way[], taken: readonly string[], maxAge: number, signal: AbortSignal): Promise<Looked> {
    // A USB device may be opened by many; only one that is claimed is taken.
    const asked = ways.filter(({ kind, claims }) => kind === 'serial' || claims.length > 0);
    const holders = await this.#holders.of(new Set([...asked.map(({ node }) => node), ...taken]), maxAge, signal);
    const modemManager = ways.some((way) => this.#mayBeProbed(way)) && (await this.#modemManagerRuns(maxAge, signal));
    const functions = ways.map((way) => ({
      kind: way.kind,
      address: way.address,
      ...(way.service === undefined ? {} : { service: way.service }),
      ...this.#trouble(way, holders.get(way.node) ?? [], modemManager),
    }));
    return { functions, holderOf: (node) => holders.get(node)?.[0] };
  }

  #trouble(way: Way, holders: readonly Holder[], modemManager: boolean): Trouble {
    const { access, files, ownProcesses } = this.#options;
    switch (access === undefined ? files.access(way.node) : access(way.node)) {
      case 'denied':
        return { reason: 'bearer/permission-denied', os: `EACCES: ${way.node}` };
      case 'absent':
        return { reason: 'bearer/unusable', os: `ENOENT: ${way.node}` };
      case 'usable':
        break;
    }
    if (holders.some(({ pid }) => ownProcesses.has(pid))) return {};
    const [holder] = holders;
    const service = holders.find(({ name }) => name === MODEM_MANAGER);
    if (service !== undefined) return { reason: 'bearer/modem-manager', holder: service };
    if (holder !== undefined) return { reason: 'bearer/busy', holder };
    // Looked at again: who has let go meanwhile, ourselves perhaps, was not found among the programs.
    const isClaimed = way.claims.some((folder) => driverOf(files, folder) === TAKEN_BY_PROGRAM);
    if (isClaimed) return { reason: 'bearer/busy', os: TAKEN_BY_PROGRAM };
    return modemManager && this.#mayBeProbed(way) ? { reason: 'bearer/modem-manager' } : {};
  }

  #mayBeProbed(way: Way): boolean {
    return way.kind === 'serial' && way.age < PROBING_MS && !this.#isIgnored(way);
  }

  #isIgnored(way: Way): boolean {
    const { files } = this.#options;
    const number = files.text(`/sys/class/tty/${way.node.slice('/dev/'.length)}/dev`);
    const names = number === undefined ? way.marks : [`c${number}`, ...way.marks];
    return names.some((name) => IGNORED.test(files.text(`/run/udev/data/${name}`) ?? ''));
  }

  async #modemManagerRuns(maxAge: number, signal: AbortSignal): Promise<boolean> {
    const { clock, files } = this.#options;
    const known = this.#modemManager;
    if (known !== undefined && clock.monotonic() - known.at < maxAge) return known.runs;
    const runs = await isRunning(files, MODEM_MANAGER, clock, signal);
    this.#modemManager = { at: clock.monotonic(), runs };
    return runs;
  }
}

import type { ReadAhead } from '../../dm/large-object/read-ahead.ts';
import type { LoadedPackage } from './job-work.ts';
import type { DmsPackage, PackageSource } from './packages.ts';

/** Firmware packages that are at hand in a session. */
const MAX_FIRMWARE = 16;

/** A package whose content is read as it is delivered. */
export interface DeliverablePackage extends LoadedPackage {
  readonly file: string;
  readonly content: ReadAhead;
}

/** What one session may deliver: at hand before the machine asks for it, since that does no I/O. */
export class SessionPackages {
  readonly #source: PackageSource;
  readonly #loaded = new Map<string, DeliverablePackage>();
  /** What the server offers, as it was when the session last looked. */
  offered: readonly DmsPackage[] = [];
  firmware: readonly DmsPackage[] = [];

  constructor(source: PackageSource) {
    this.#source = source;
  }

  /** By id. */
  get loaded(): ReadonlyMap<string, DeliverablePackage> {
    return this.#loaded;
  }

  /** Looks at what is offered, and takes in hand what is named of it, and firmware. */
  async load(ids: readonly string[]): Promise<void> {
    this.offered = await this.#source.list();
    this.firmware = (await this.#source.firmware()).slice(0, MAX_FIRMWARE);
    const all = new Map([...this.firmware, ...this.offered].map((found) => [found.id, found]));
    for (const id of [...ids, ...this.firmware.map((found) => found.id)]) {
      const found = all.get(id);
      if (found === undefined || this.#loaded.has(id)) continue;
      this.#loaded.set(id, { ...found, content: await this.#source.open(id) });
    }
  }

  /** The pieces that the next message may need. */
  async refill(): Promise<void> {
    for (const { content } of this.#loaded.values()) await content.refill();
  }

  /** Lets go of what was read; it is read again when it is asked for. */
  release(): void {
    for (const { content } of this.#loaded.values()) content.release();
  }
}

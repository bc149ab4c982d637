import type { HandsetStanding } from '../../operations/views.ts';

const UNKNOWN: HandsetStanding = { presence: 'unknown' };

/** Which handsets are attached, as far as it is known. */
export class Presence {
  readonly #standings = new Map<string, HandsetStanding>();
  readonly #onChange: (device: string) => void;

  constructor(onChange: (device: string) => void) {
    this.#onChange = onChange;
  }

  of(device: string): HandsetStanding {
    return this.#standings.get(device) ?? UNKNOWN;
  }

  /** Told on only when something differs. */
  set(device: string, standing: HandsetStanding): void {
    if (this.note(device, standing)) this.#onChange(device);
  }

  /** For who tells of it himself. @returns whether something differs. */
  note(device: string, standing: HandsetStanding): boolean {
    const before = this.of(device);
    if (before.presence === standing.presence && before.reason === standing.reason) return false;
    this.#standings.set(device, standing);
    return true;
  }

  forget(device: string): void {
    this.#standings.delete(device);
  }
}

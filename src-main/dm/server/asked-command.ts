import type { Command, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { CommandReport, ResultItem, WantedCommand } from './work.ts';

/** A command that the work asked for, and what has come of it so far. Children of Atomic and Sequence are their own. */
export class AskedCommand {
  readonly wanted: WantedCommand;
  readonly children: readonly AskedCommand[];
  readonly #parent: AskedCommand | undefined;
  #codes: number[] = [];
  #statuses: StatusCommand[] = [];
  #results: ResultItem[] = [];
  #fault: number | undefined;

  constructor(wanted: WantedCommand, parent?: AskedCommand) {
    this.wanted = wanted;
    this.#parent = parent;
    this.children =
      wanted.kind === 'Atomic' || wanted.kind === 'Sequence'
        ? wanted.commands.map((child: Command) => new AskedCommand(child, this))
        : [];
  }

  get root(): AskedCommand {
    return this.#parent?.root ?? this;
  }

  /** Its Atomic or Sequence was refused or not carried out: then its own Status may be missing. */
  get excused(): boolean {
    if (this.#parent === undefined) return false;
    return this.#parent.#codes.some((code) => code !== Status.Ok && code !== Status.Accepted) || this.#parent.excused;
  }

  /** The client refused it, or a child of it, for lack of our proof. */
  get unproved(): boolean {
    return this.#codes.some(isUnproved) || this.children.some((child) => child.unproved);
  }

  /** A Status says what became of it; those of chunks do not. */
  get answered(): boolean {
    return this.#codes.length > 0;
  }

  /** Statuses that may come: one an item, and once more each. */
  get mostStatuses(): number {
    return 2 * Math.max(1, 'items' in this.wanted ? this.wanted.items.length : 1);
  }

  addStatus(status: StatusCommand): void {
    this.#codes.push(status.code);
    for (let asked: AskedCommand | undefined = this; asked !== undefined; asked = asked.#parent) {
      asked.#statuses.push(status);
    }
  }

  addResult(item: ResultItem): void {
    for (let asked: AskedCommand | undefined = this; asked !== undefined; asked = asked.#parent) {
      asked.#results.push(item);
    }
  }

  /** Something that no Status of the client says went wrong with it. */
  fail(code: number): void {
    this.#fault = code;
  }

  /** The node that the next item of its Results is about, when the Results do not say. */
  get nextUri(): string | undefined {
    const items = 'items' in this.wanted ? this.wanted.items : [];
    return items[Math.min(this.#results.length, items.length - 1)]?.target?.uri;
  }

  /** It is sent once more: nothing of the first time counts. */
  startOver(): void {
    this.#codes = [];
    this.#statuses = [];
    this.#results = [];
    this.#fault = undefined;
    for (const child of this.children) child.startOver();
  }

  report(): CommandReport {
    return {
      code: this.#fault ?? Math.max(0, ...this.#codes),
      statuses: this.#statuses,
      results: this.#results,
      children: this.children.map((child) => child.report()),
    };
  }
}

function isUnproved(code: number): boolean {
  return code === Status.InvalidCredentials || code === Status.MissingCredentials;
}

import type { ByteSource } from '../../base/byte-source.ts';
import type { AlertCommand, Item, StatusCommand } from '../../syncml/model.ts';
import type { OutgoingCommand } from '../outgoing.ts';

type WithoutId<C> = C extends OutgoingCommand ? Omit<C, 'cmdId'> : never;
/**
 * A command as a procedure asks for it; its CmdID is given when it goes out. With `large` the value of its single item
 * is read piece by piece as it is sent.
 */
export type WantedCommand = WithoutId<OutgoingCommand>;

/** An Item of Results. A large value that the session's store keeps is `stored`, decoded, and there is no Data. */
export type ResultItem = Item & { readonly stored?: ByteSource };

/** What came of one command. */
export interface CommandReport {
  /**
   * Code of its Status; the worst when its items have one each. 0 when none came: the command counts as not executed.
   * A large result that did not come whole, and an object larger than the client takes, have the code that says so.
   */
  readonly code: number;
  /** Its own Statuses and, for Atomic and Sequence, those of its children, as they came; answers of a user are Items. */
  readonly statuses: readonly StatusCommand[];
  /** Items of the Results that belong to it, large objects joined. */
  readonly results: readonly ResultItem[];
  /** Of Atomic and Sequence: what came of each child, in order. */
  readonly children: readonly CommandReport[];
}

/** What the client answered to one package, command by command in the order that they were asked for. */
export interface PackageReport {
  readonly reports: readonly CommandReport[];
  /** Generic alerts that came with it or before it. */
  readonly alerts: readonly AlertCommand[];
}

/**
 * A part of the management work: yields the commands of one package, gets the client's answer to them, and returns
 * what it found. Parts call each other with `yield*`.
 */
export type Procedure<T> = Generator<readonly WantedCommand[], T, PackageReport>;

/** The whole work of a session; it ends when there is nothing more to ask. */
export type Work = Procedure<void>;

/** What the client said of itself in package 1. */
export interface DeviceFacts {
  /** `Source/LocURI` of its header, e.g. `IMEI:493005100592800`. */
  readonly device: string;
  /** Leaf nodes of `./DevInfo`, by URI. */
  readonly devInfo: ReadonlyMap<string, string>;
  /** 1200 or 1201. */
  readonly alert: number;
}

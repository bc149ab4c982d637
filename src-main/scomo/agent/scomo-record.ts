import type { GenericAlert } from '../../dm/generic-alert.ts';
import type { ScomoOperation } from '../names.ts';
import type { Component } from './component.ts';

/** An operation that was accepted (202) and whose alert is due. */
export interface PendingOperation {
  readonly operation: ScomoOperation;
  /** URI that was executed. */
  readonly uri: string;
  /** URI of the node that the operation is of: `Download/<x>`, `Delivered/<x>` or `Deployed/<x>`. */
  readonly base: string;
  readonly correlator?: string;
  /** ServerID of the server that ordered it. */
  readonly server?: string;
  /** URI of the package that a download has brought, while it is being installed. */
  readonly brought?: string;
  /** The same number in those that were ordered in one Atomic: installations are then done together or not at all. */
  readonly group?: number;
}

/** What of the software survives a restart besides the values of nodes. */
export interface ScomoRecord {
  /** In the order that they were installed. */
  readonly components: readonly Component[];
  /** Alerts that no server has acknowledged yet, oldest first. */
  readonly alerts: readonly GenericAlert[];
  /** In the order that they are done. */
  readonly pending: readonly PendingOperation[];
  /** While a package is being installed: what was installed before it. */
  readonly before?: readonly Component[];
}

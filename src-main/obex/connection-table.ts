import type { ObexService, ObexServiceConnection } from './service.ts';

export interface OpenConnection {
  readonly id: number;
  /** CONNECT had a Target, so its requests carry the ConnectionID. */
  readonly directed: boolean;
  readonly packetLimit: number;
  readonly owner: ObexService;
  readonly service: ObexServiceConnection;
}

/** The connections that are open on one stream: at most one per service. */
export class ConnectionTable {
  readonly #open = new Map<number, OpenConnection>();
  #lastId = 0;

  get size(): number {
    return this.#open.size;
  }

  open(owner: ObexService, service: ObexServiceConnection, packetLimit: number, directed: boolean): OpenConnection {
    this.#lastId += 1;
    const connection = { id: this.#lastId, directed, packetLimit, owner, service };
    this.#open.set(connection.id, connection);
    return connection;
  }

  /**
   * The connection that a request belongs to. Without a ConnectionID: the one without Target, else the only one
   * (its absence is tolerated, as BlueZ does).
   */
  find(id: number | undefined): OpenConnection | undefined {
    if (id !== undefined) return this.#open.get(id);
    for (const connection of this.#open.values()) if (!connection.directed) return connection;
    return this.#open.size === 1 ? this.#open.values().next().value : undefined;
  }

  remove(connection: OpenConnection): void {
    this.#open.delete(connection.id);
  }

  takeOf(owner: ObexService): OpenConnection | undefined {
    for (const connection of this.#open.values()) {
      if (connection.owner === owner) {
        this.remove(connection);
        return connection;
      }
    }
    return undefined;
  }

  takeAll(): readonly OpenConnection[] {
    const all = [...this.#open.values()];
    this.#open.clear();
    return all;
  }
}

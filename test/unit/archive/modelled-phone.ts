import { createHash } from 'node:crypto';
import type { ComponentView, JobResult } from '../../../src-main/contract/results.ts';
import type { WorkContext } from '../../../src-main/operations/engine.ts';
import type { OwnOrder, OwnServer } from '../../../src-main/operations/ports.ts';

/** A package's components as the phone finds them in its bytes. */
type Contents = readonly { readonly id: string; readonly name: string; readonly version: string }[];

/**
 * A handset behind the PC's own server, as far as operations see it: it knows packages by their digests, and does what
 * it is ordered. Each run is a session.
 */
export class ModelledPhone {
  readonly device: string;
  model: string | undefined;
  components: ComponentView[];
  /** What was ordered, session by session; a look is an empty one. */
  readonly sessions: OwnOrder[][] = [];
  /** Digests that were installed. */
  readonly installed: string[] = [];
  /** What an order comes to instead of being done. */
  answers: (order: OwnOrder) => Omit<JobResult, 'job'> | undefined = () => undefined;
  /** Called before a session with orders; what it throws ends the session. */
  before: () => void = () => undefined;
  readonly #packages = new Map<string, { readonly id: string; readonly contents: Contents }>();

  constructor(device: string, model: string | undefined, components: readonly ComponentView[] = []) {
    this.device = device;
    this.model = model;
    this.components = components.map((each) => ({ ...each }));
  }

  /** What bytes it will find in which package. */
  knows(id: string, bytes: Uint8Array, contents: Contents): void {
    this.#packages.set(createHash('sha256').update(bytes).digest('hex'), { id, contents });
  }

  run(orders: readonly OwnOrder[], { packages }: WorkContext, shown: (id: string) => string | undefined) {
    this.sessions.push([...orders]);
    if (orders.length > 0) this.before();
    const jobs = orders.map((order): JobResult => {
      const { package: id, component } = order;
      const what = { ...(id === undefined ? {} : { package: id }), ...(component === undefined ? {} : { component }) };
      const answer = this.answers(order);
      if (answer !== undefined) return { ...what, ...answer };
      if (order.operation === 'install') this.#install(packages?.get(id ?? '')?.digest ?? shown(id ?? ''), order);
      else if (order.operation === 'remove') this.components = this.components.filter((each) => each.id !== component);
      else this.#setState(component, order.operation === 'activate' ? 'active' : 'inactive');
      return { ...what, state: 'done', resultCode: 1200 };
    });
    return {
      ...{ device: this.device, model: this.model, sessions: [`S${this.sessions.length}`], jobs },
      components: this.components.map((each) => ({ ...each })),
    };
  }

  #install(digest: string | undefined, { inactive }: OwnOrder): void {
    const found = this.#packages.get(digest ?? '');
    if (found === undefined || digest === undefined) throw new Error(`the phone does not know ${digest}`);
    this.installed.push(digest);
    const state = inactive === true ? 'inactive' : 'active';
    for (const { id, name, version } of found.contents) {
      const component = { id, name, version, state, pkgId: found.id };
      const index = this.components.findIndex((each) => each.id === id);
      if (index < 0) this.components.push(component);
      else this.components[index] = component;
    }
  }

  #setState(id: string | undefined, state: string): void {
    this.components = this.components.map((each) => (each.id === id ? { ...each, state } : each));
  }
}

/** The own server, with a phone at each address. */
export function serverFor(phones: Readonly<Record<string, ModelledPhone>>, shown: (id: string) => string | undefined) {
  const server: OwnServer = {
    run: async (orders, place, context) => {
      const phone = phones[place.address.text];
      if (phone === undefined) throw new Error(`no phone at ${place.address.text}`);
      return phone.run(orders, context, shown);
    },
  };
  return server;
}

import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import { type Component, nodeName } from './component.ts';
import { deployedSpec, type OrderHandler } from './node-specs.ts';
import type { PlannedComponent } from './plan-installation.ts';

/** What is installed, and `Inventory/Deployed` that shows it. */
export class DeployedComponents {
  readonly #tree: ManagementTree;
  readonly #uri: string;
  readonly #order: OrderHandler;
  /** By the name of its node. */
  readonly #components = new Map<string, Component>();

  /** @param uri of `Inventory/Deployed` */
  constructor(tree: ManagementTree, uri: string, order: OrderHandler) {
    this.#tree = tree;
    this.#uri = uri;
    this.#order = order;
  }

  /** In the order that they were installed. */
  get all(): readonly Component[] {
    return [...this.#components.values()];
  }

  uriOf(node: string): string {
    return `${this.#uri}/${node}`;
  }

  /** Whether a URI is of a component's node, which may be gone. */
  has(base: string): boolean {
    return base.startsWith(`${this.#uri}/`);
  }

  at(base: string): Component | undefined {
    return this.has(base) ? this.#components.get(base.slice(this.#uri.length + 1)) : undefined;
  }

  deploy(component: Component): void {
    this.#components.set(component.node, component);
    this.#tree.put(this.#uri, component.node, deployedSpec(component, this.#order));
  }

  /** A newer package of a known component takes its node; a new one gets a node of its own. */
  install({ needs: _needs, ...planned }: PlannedComponent, state: number): Component {
    const component: Component = { ...planned, node: this.#nodeFor(planned), state };
    this.deploy(component);
    return component;
  }

  setState(component: Component, state: number): void {
    this.#components.set(component.node, { ...component, state });
    this.#tree.set(`${this.uriOf(component.node)}/State`, String(state));
  }

  remove({ node }: Component): void {
    this.#components.delete(node);
    this.#tree.drop(this.uriOf(node));
  }

  /** Makes them what they were; those that are the same are left alone. */
  become(wanted: readonly Component[]): void {
    const now = new Map(this.#components);
    this.#components.clear();
    for (const component of wanted) {
      if (isSame(now.get(component.node), component)) this.#components.set(component.node, component);
      else this.deploy(component);
      now.delete(component.node);
    }
    for (const node of now.keys()) this.#tree.drop(this.uriOf(node));
  }

  /** After a restart the tree may be behind what is known, or ahead of it. */
  show(): void {
    for (const component of this.all) {
      const shown = ['Version', 'Name', 'State', 'PkgIDRef', 'ID', 'Description', 'EnvType'].map((leaf) =>
        this.#tree.text(`${this.uriOf(component.node)}/${leaf}`),
      );
      const { version, name, state, pkgIdRef, id, description, envType } = component;
      const said = [version, name, String(state), pkgIdRef, id, description, envType];
      if (said.some((text, index) => text !== shown[index])) this.deploy(component);
    }
  }

  #nodeFor({ id, name }: Pick<PlannedComponent, 'id' | 'name'>): string {
    const known = this.all.find((component) => component.id === id);
    if (known !== undefined) return known.node;
    const wanted = nodeName(name);
    let node = wanted;
    // Names of nodes may be compared without case.
    for (let count = 2; this.#isTaken(node); count += 1) node = `${wanted}-${count}`;
    return node;
  }

  #isTaken(node: string): boolean {
    return this.#components.has(node) || typeof this.#tree.find(this.uriOf(node)) !== 'number';
  }
}

function isSame(a: Component | undefined, b: Component): boolean {
  return a !== undefined && JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

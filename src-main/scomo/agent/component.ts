/** A component as it stands on the handset; what survives a restart. */
export interface Component {
  /** Name of its node below `Inventory/Deployed`. */
  readonly node: string;
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** Environment type of the package that it came from, where that had one. */
  readonly envType?: string;
  readonly version: string;
  /** PkgID of the package that it came from. */
  readonly pkgIdRef: string;
  /** 10 inactive, 20 active. */
  readonly state: number;
  /** SHA-256 of what was installed, lower-case hex; empty for one that was there from the start. */
  readonly sha256: string;
  /** Octets of what was installed; absent for one that was there from the start. */
  readonly size?: number;
}

/** A name that may stand as a segment of a URI. */
export function nodeName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60);
  return name === '' || name === '.' || name === '..' ? 'x' : name;
}

import type { PackageContents } from '../contract/results.ts';
import { readFirmware } from '../fumo/firmware-package.ts';
import { readSoftware } from '../scomo/software-package.ts';

/** What lies in a package of our own format, and the model that it names itself; from its first lines. */
export function contentsOf(head: Uint8Array | undefined): {
  readonly contents?: PackageContents;
  readonly model?: string;
} {
  if (head === undefined) return {};
  const firmware = readFirmware(head);
  if (typeof firmware !== 'number') {
    const { model, from, to } = firmware.manifest;
    return { contents: { kind: 'firmware', from: [...from], to }, model };
  }
  const software = readSoftware(head);
  if (software.kind !== 'bundle') return {};
  const { model, components } = software.manifest;
  const contents: PackageContents = {
    kind: 'software',
    components: components.map(({ id, name, version, description, needs }) => ({
      ...{ id, name, version },
      ...(description === undefined ? {} : { description }),
      needs: needs.map((need) => ({ ...need })),
    })),
  };
  return { contents, ...(model === undefined ? {} : { model }) };
}

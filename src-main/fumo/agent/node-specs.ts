import type { AccessType, ExecCall, NodeSpec } from '../../dm/tree/node.ts';
import { FirmwareState, FUMO_TYPE } from '../names.ts';

export interface FirmwareHandlers {
  readonly download: (call: ExecCall) => number;
  readonly update: (call: ExecCall) => number;
  readonly downloadAndUpdate: (call: ExecCall) => number;
  /** PkgData has another value. */
  readonly onPackage: () => void;
  /** A PkgURL has another value. */
  readonly onUrl: () => void;
  /** Status of a Replace that cannot be done now. */
  readonly refuses: () => number | undefined;
}

const GET: readonly AccessType[] = ['Get'];
/** The text has Get only; servers in use write name and version beside the package. */
const OPEN: readonly AccessType[] = ['Get', 'Replace'];

/** The object `<x>` (spec sheet fumo, section 1; operations are interior nodes, as the figure shows them). */
export function firmwareSpec(handlers: FirmwareHandlers): NodeSpec {
  const { refuses, onPackage, onUrl } = handlers;
  const text: NodeSpec = { format: 'chr', value: '', access: OPEN, permanent: true };
  const url: NodeSpec = { ...text, refuses, onValue: onUrl };
  const operation = (exec: FirmwareHandlers['update'], children: NonNullable<NodeSpec['children']>): NodeSpec => ({
    format: 'node',
    access: ['Exec', 'Get'],
    permanent: true,
    exec,
    children,
  });
  return {
    format: 'node',
    type: FUMO_TYPE,
    access: GET,
    permanent: true,
    children: {
      PkgName: text,
      PkgVersion: text,
      Download: operation(handlers.download, { PkgURL: url }),
      // Not permanent: the type of a package is what its server says.
      Update: operation(handlers.update, {
        PkgData: { format: 'bin', access: ['Replace'], refuses, onValue: onPackage },
      }),
      DownloadAndUpdate: operation(handlers.downloadAndUpdate, { PkgURL: url }),
      State: { format: 'int', value: String(FirmwareState.Idle), access: GET, permanent: true },
      Ext: { format: 'node', access: GET, permanent: true },
    },
  };
}

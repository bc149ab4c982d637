import type { SignatureVerifier } from '../../base/signature.ts';
import type { FaultBoard } from './fault-board.ts';
import { LOW_BATTERY } from './faults.ts';

/** Largest object that the virtual handset takes. */
export const MAX_OBJECT = 1024 * 1024 * 1024;

/** Default of the fault `storage-full`, in octets. */
const LITTLE_ROOM = 1000;

/** What a device does wrong and is short of, as it is now: each is asked for when it counts. */
export interface Trouble {
  /** Result code of every operation on software. */
  readonly failWith: number | undefined;
  /** The component of a package, counted from 1, whose installation fails. */
  readonly failAt: number | undefined;
  /** It goes down in the middle of an installation. */
  readonly stopsInInstall: boolean;
  /** Octets of all components that there is room for. */
  readonly softwareRoom: number | undefined;
  /** Environment types that it has; every one when absent. */
  readonly environments: readonly string[] | undefined;
  /** Checks signatures of packages; with it only signed ones are installed. */
  readonly verifyPackage: SignatureVerifier | undefined;
  /** Most octets of one value; more is answered by 420. */
  readonly maxValue: number;
  /** Result code of every update of the firmware. */
  readonly failFirmwareWith: number | undefined;
  /** It goes down in the middle of an update. */
  readonly stopsInUpdate: boolean;
  /** No operation is begun; the result codes that say why. */
  readonly refuses: { readonly scomo: number; readonly fumo: number } | undefined;
  /** The model that DevInfo names, when it is not the real one. */
  readonly model: string | undefined;
}

const no = (): boolean => false;

/** The trouble that the faults of a board mean, whatever they are by then. */
export function troubleOf(
  board: FaultBoard,
  verifyPackage: SignatureVerifier | undefined,
  maxObject: number = MAX_OBJECT,
): Trouble {
  return {
    get failWith() {
      return board.number('install-fails', 1405);
    },
    get failAt() {
      return board.number('component-fails', 2);
    },
    get stopsInInstall() {
      return board.has('install-reboots') || board.has('reboot');
    },
    get softwareRoom() {
      return board.number('install-room', 1000);
    },
    get environments() {
      const only = board.value('only-environment');
      if (only === undefined) return board.has('only-environment') ? [] : undefined;
      return [only];
    },
    get verifyPackage() {
      // Every signature is a wrong one.
      return board.has('bad-signature') ? no : verifyPackage;
    },
    get maxValue() {
      return roomOf(board, maxObject);
    },
    get failFirmwareWith() {
      return board.number('firmware-fails', 410);
    },
    get stopsInUpdate() {
      return board.has('firmware-reboots') || board.has('reboot');
    },
    get refuses() {
      return board.has('low-battery') ? LOW_BATTERY : undefined;
    },
    get model() {
      return board.has('wrong-model') ? (board.value('wrong-model') ?? 'Another Model') : undefined;
    },
  };
}

/** Octets that there is room for in one value or one download. */
export function roomOf(board: FaultBoard, maxObject: number = MAX_OBJECT): number {
  return Math.min(maxObject, board.number('storage-full', LITTLE_ROOM) ?? maxObject);
}

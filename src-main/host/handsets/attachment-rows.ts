import type { AttachedFunction, AttachedReason, AttachedThing } from '../../bearer/discovery.ts';
import type { Finding } from '../../contract/doctor.ts';
import type { Attachment } from '../../contract/handsets.ts';

/** What is known of a thing besides itself. */
export interface ThingState {
  readonly asking: boolean;
  /** Why it did not say who it is. */
  readonly reason?: AttachedReason | undefined;
  readonly since: string;
}

/** The check of the doctor that says more of a reason. */
const CHECKS: Readonly<Record<AttachedReason, Finding['check']>> = {
  'bearer/permission-denied': 'permission',
  'bearer/busy': 'holder',
  'bearer/modem-manager': 'modem-manager',
  'bearer/driver-missing': 'driver',
  'bearer/no-obex': 'service',
  'bearer/unusable': 'service',
};
const MAX_NAME = 100;

/** The row of a thing of which it is not known whose it is. */
export function attachmentOf(thing: AttachedThing, { asking, reason: silence, since }: ThingState): Attachment {
  const { id, place, functions, manufacturer, product } = thing;
  const best = bestOf(functions);
  const reason = best === undefined ? thing.reason : (best.reason ?? thing.reason ?? (asking ? undefined : silence));
  const holder = reason === undefined ? undefined : (best ?? thing).holder;
  const name = product ?? manufacturer;
  return {
    address: best?.address ?? id,
    kind: best?.kind ?? (id.startsWith('serial:') ? 'serial' : 'usb'),
    ...(name === undefined ? {} : { name: name.slice(0, MAX_NAME) }),
    ...(manufacturer === undefined ? {} : { manufacturer: manufacturer.slice(0, MAX_NAME) }),
    place,
    ...(asking ? { asking } : {}),
    ...(holder === undefined ? {} : { holder }),
    ...(reason === undefined ? {} : { finding: `${CHECKS[reason]}:${id}`, reason }),
    since,
  };
}

/** One that can be used before others, and OBEX itself before a port that has to be switched to it. */
function bestOf(functions: readonly AttachedFunction[]): AttachedFunction | undefined {
  const usable = functions.filter(({ reason }) => reason === undefined);
  const among = usable.length > 0 ? usable : functions;
  return among.find(({ kind }) => kind === 'usb') ?? among[0];
}

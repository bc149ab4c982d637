import { handsetTraits } from '../../handset/quirks/handset-traits.ts';
import type { KeepsSession } from '../../operations/keeps-session.ts';
import { MAKER } from '../../virtual/handset/handset-device.ts';
import { PROFILES } from '../../virtual/handset/profiles.ts';

/** Models of our own virtual handsets that keep their sessions. */
const OURS = PROFILES.filter((profile) => profile.keepsSession === true).map(({ model }) => model);

/** DM clients of which it is known that they keep a session when its link is lost. */
export const keepsSession: KeepsSession = ({ manufacturer, model }) =>
  (manufacturer === MAKER && model !== undefined && OURS.includes(model)) ||
  handsetTraits({ manufacturer, model }).keepsSession === true;

import { Bluetooth, Cable, EthernetPort, type LucideIcon, Network } from 'lucide-react';
import type { ListenerKind } from '../../../src-main/contract/listening.ts';

/** As the ways to handsets look on their cards. */
export const WAY_ICONS: Readonly<Record<ListenerKind, LucideIcon>> = {
  tcp: EthernetPort,
  serial: Cable,
  bluetooth: Bluetooth,
  network: Network,
};

import { Bluetooth, Cable, EthernetPort, type LucideIcon, Network, Usb } from 'lucide-react';
import { useSpeech } from '../language/language-context.tsx';

type BearerKind = 'tcp' | 'serial' | 'usb' | 'bluetooth' | 'http';

const ICONS: Readonly<Record<BearerKind, LucideIcon>> = {
  tcp: EthernetPort,
  serial: Cable,
  usb: Usb,
  bluetooth: Bluetooth,
  http: Network,
};

/** One way to reach a handset. */
export function BearerChip({ kind, address }: { readonly kind: BearerKind; readonly address: string }) {
  const { common } = useSpeech();
  const Icon = ICONS[kind];
  return (
    <span className="chip" title={address}>
      <Icon aria-hidden="true" />
      {common.bearers[kind]}
    </span>
  );
}

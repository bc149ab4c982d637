import { Bluetooth, Cable, EthernetPort, type LucideIcon, Network, Usb } from 'lucide-react';
import { maskEquipmentNumbers } from '../../src-main/base/equipment-number.ts';
import type { KnownHandset } from '../../src-main/contract/handsets.ts';
import { useSpeech } from '../language/language-context.tsx';

type BearerKind = KnownHandset['bearers'][number]['kind'];

const ICONS: Readonly<Record<BearerKind, LucideIcon>> = {
  tcp: EthernetPort,
  serial: Cable,
  usb: Usb,
  bluetooth: Bluetooth,
  http: Network,
};

interface BearerChipProps {
  readonly kind: BearerKind;
  readonly address: string;
  /** The physical port. */
  readonly place?: string | undefined;
  /** Whether it is there now, in a word. */
  readonly state?: string | undefined;
  /** Not there now. */
  readonly away?: boolean;
}

/** One way to reach a handset: what kind, at which port, and whether it is there. */
export function BearerChip({ kind, address, place, state, away = false }: BearerChipProps) {
  const { common } = useSpeech();
  const Icon = ICONS[kind];
  const port = place === undefined ? undefined : common.port(place);
  // The name of a USB port says already that it is USB.
  const named = kind === 'usb' && port !== undefined ? undefined : common.bearers[kind];
  return (
    <span className="chip" title={maskEquipmentNumbers(address)} data-away={away || undefined}>
      <Icon aria-hidden="true" />
      {[named, port, state].filter((part) => part !== undefined).join(' · ')}
    </span>
  );
}

import {
  BookOpenText,
  CircleHelp,
  Clapperboard,
  type LucideIcon,
  Network,
  Package,
  PhoneIncoming,
  Server,
  Settings,
  Smartphone,
  Stethoscope,
} from 'lucide-react';
import type { Catalogue } from '../../src-main/wording/catalogue.ts';

export interface Place {
  readonly path: string;
  readonly words: keyof Catalogue['screens']['common']['places'];
  readonly icon: LucideIcon;
  /** A gap comes before it: these are for now and then. */
  readonly apart?: boolean;
}

/** Where one can go, in the order of use. */
export const PLACES: readonly Place[] = [
  { path: '/handsets', words: 'handsets', icon: Smartphone },
  { path: '/packages', words: 'packages', icon: Package },
  { path: '/journal', words: 'journal', icon: BookOpenText },
  { path: '/servers', words: 'servers', icon: Server },
  { path: '/listening', words: 'listening', icon: PhoneIncoming },
  { path: '/network', words: 'network', icon: Network },
  { path: '/demo', words: 'demo', icon: Clapperboard, apart: true },
  { path: '/doctor', words: 'doctor', icon: Stethoscope },
  { path: '/settings', words: 'settings', icon: Settings },
  { path: '/help', words: 'help', icon: CircleHelp },
];

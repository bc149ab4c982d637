import { PlugZap, ShieldCheck } from 'lucide-react';
import type { Unplug } from '../../src-main/contract/session-phase.ts';
import { useConnection } from '../host/host-context.tsx';
import { useSpeech } from '../language/language-context.tsx';
import { Badge } from './badge.tsx';

/** Whether the cable may be pulled now, in the host's word; nothing while the host cannot be heard, for its word is old. */
export function UnplugWord({ unplug }: { readonly unplug: Unplug }) {
  const { common } = useSpeech();
  const { kind } = useConnection();
  if (kind !== 'live') return null;
  return (
    <Badge
      tone={unplug === 'safe' ? 'done' : 'failed'}
      icon={unplug === 'safe' ? ShieldCheck : PlugZap}
      text={common.unplug[unplug]}
    />
  );
}

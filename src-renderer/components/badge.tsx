import type { LucideIcon } from 'lucide-react';
import type { Tone } from '../theme/tone.ts';

interface BadgeProps {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly text: string;
  readonly title?: string;
  /** Its icon turns while something goes on. */
  readonly busy?: boolean;
}

/** A state as icon, word and colour. */
export function Badge({ tone, icon: Icon, text, title, busy = false }: BadgeProps) {
  return (
    <span className="badge" data-tone={tone} title={title}>
      <Icon aria-hidden="true" className={busy ? 'is-working' : undefined} />
      {text}
    </span>
  );
}

import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Tone } from '../theme/tone.ts';

const ICONS: Readonly<Record<Tone, LucideIcon>> = {
  idle: Info,
  working: Info,
  'needs-you': TriangleAlert,
  done: CircleCheck,
  failed: CircleAlert,
};

interface NoticeProps {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Something to know, in the place where it matters. */
export function Notice({ tone, title, children }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <section className="notice" data-tone={tone}>
      <Icon aria-hidden="true" />
      <div className="stack">
        <h3>{title}</h3>
        {children}
      </div>
    </section>
  );
}

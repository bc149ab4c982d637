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
  /** Of its heading; 2 where it stands right below the title of the screen. */
  readonly level?: 2 | 3;
  readonly children?: ReactNode;
}

/** Something to know, in the place where it matters. */
export function Notice({ tone, title, level = 3, children }: NoticeProps) {
  const Icon = ICONS[tone];
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className="notice" data-tone={tone}>
      <Icon aria-hidden="true" />
      <div className="stack">
        <Heading>{title}</Heading>
        {children}
      </div>
    </section>
  );
}

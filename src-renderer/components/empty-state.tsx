import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  /** What to do about it. */
  readonly children?: ReactNode;
}

/** Nothing is here yet: why, and what to do. */
export function EmptyState({ icon: Icon, title, text, children }: EmptyStateProps) {
  return (
    <section className="empty-state">
      <Icon aria-hidden="true" strokeWidth={1.5} />
      <h2>{title}</h2>
      <p>{text}</p>
      {children !== undefined && <div className="row">{children}</div>}
    </section>
  );
}

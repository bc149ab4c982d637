import type { ReactNode } from 'react';

interface PageHeaderProps {
  readonly title: string;
  readonly hint?: string | undefined;
  /** What can be done on the whole screen. */
  readonly children?: ReactNode;
}

/** The head of a screen: its one h1 and its actions. */
export function PageHeader({ title, hint, children }: PageHeaderProps) {
  return (
    <header className="page-header">
      <div>
        <h1>{title}</h1>
        {hint !== undefined && <p>{hint}</p>}
      </div>
      {children !== undefined && <div className="row">{children}</div>}
    </header>
  );
}

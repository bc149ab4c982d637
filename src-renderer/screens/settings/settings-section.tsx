import { type ReactNode, useId } from 'react';

interface SettingsSectionProps {
  readonly title: string;
  readonly hint: string;
  readonly children: ReactNode;
}

/** One matter: what it is on one side, what can be done about it on the other. */
export function SettingsSection({ title, hint, children }: SettingsSectionProps) {
  const heading = useId();
  return (
    <section className="setting" aria-labelledby={heading}>
      <div className="setting-about">
        <h2 id={heading}>{title}</h2>
        <p className="quiet">{hint}</p>
      </div>
      <div className="stack setting-body">{children}</div>
    </section>
  );
}

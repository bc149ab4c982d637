import type { ReactNode } from 'react';

function Icon({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <svg className={`icon ${className ?? ''}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function HandsetIcon() {
  return (
    <Icon>
      <rect x="7" y="2.5" width="10" height="19" rx="2.5" />
      <path d="M10.5 18.5h3" />
    </Icon>
  );
}

export function AgentIcon() {
  return (
    <Icon>
      <path d="M4 9h14m0 0-4-4m4 4-4 4M20 15H6m0 0 4-4m-4 4 4 4" />
    </Icon>
  );
}

export function ServerIcon() {
  return (
    <Icon>
      <rect x="4" y="3.5" width="16" height="7" rx="2" />
      <rect x="4" y="13.5" width="16" height="7" rx="2" />
      <path d="M8 7h.01M8 17h.01M12 7h4M12 17h4" />
    </Icon>
  );
}

export function ToServerIcon() {
  return (
    <Icon className="toward-server">
      <path d="M4 12h15m0 0-6-6m6 6-6 6" />
    </Icon>
  );
}

export function ToHandsetIcon() {
  return (
    <Icon className="toward-handset">
      <path d="M20 12H5m0 0 6-6m-6 6 6 6" />
    </Icon>
  );
}

export function DoneIcon() {
  return (
    <Icon className="is-done">
      <circle cx="12" cy="12" r="9" />
      <path d="m8 12.5 2.7 2.7L16 9.5" />
    </Icon>
  );
}

export function FailedIcon() {
  return (
    <Icon className="is-failed">
      <circle cx="12" cy="12" r="9" />
      <path d="m9 9 6 6m0-6-6 6" />
    </Icon>
  );
}

export function WorkingIcon() {
  return (
    <Icon className="is-working">
      <circle cx="12" cy="12" r="9" strokeDasharray="42 15" />
    </Icon>
  );
}

export function WaitingIcon() {
  return (
    <Icon className="is-waiting">
      <circle cx="12" cy="12" r="9" />
      <path d="M12 7.5V12l3 2" />
    </Icon>
  );
}

export function NoticeIcon() {
  return (
    <Icon>
      <path d="M12 3.5 21.5 20h-19z" />
      <path d="M12 10v4.5M12 17.3v.01" />
    </Icon>
  );
}

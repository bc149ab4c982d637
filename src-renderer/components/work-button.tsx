import { Button, type ButtonProps } from '@mantine/core';
import { LoaderCircle } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';

interface WorkButtonProps extends ButtonProps, Omit<ComponentPropsWithRef<'button'>, keyof ButtonProps | 'onClick'> {
  /** What it asked for goes on: it can be focused still, and pressing it again does nothing. */
  readonly working: boolean;
  /** Absent: it sends the form that it is in. */
  readonly onWork?: () => void;
}

/** A button that keeps the focus while it works; one that is disabled would lose it. */
export function WorkButton({ working, onWork, leftSection, ...look }: WorkButtonProps) {
  return (
    <Button
      type={onWork === undefined ? 'submit' : 'button'}
      {...look}
      aria-disabled={working}
      leftSection={working ? <LoaderCircle size="1.1em" className="is-working" aria-hidden="true" /> : leftSection}
      onClick={(event) => {
        if (working) event.preventDefault();
        else onWork?.();
      }}
    />
  );
}

import '@mantine/core/styles/Input.css';
import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';

interface FilterFieldProps {
  readonly className: string;
  /** Read to who cannot see the field. */
  readonly label: string;
  /** Shown while it is empty. Default: the label. */
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly maxLength?: number | undefined;
}

/** Where a text is typed that the rows of a list are to hold. */
export function FilterField({ className, label, hint = label, value, onChange, maxLength }: FilterFieldProps) {
  return (
    <TextInput
      className={className}
      type="search"
      aria-label={label}
      placeholder={hint}
      maxLength={maxLength}
      leftSection={<Search size="1.1em" aria-hidden="true" />}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

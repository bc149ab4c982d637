import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';

/** A person has stopped typing. */
const TYPING_PAUSE = 250;

export interface JournalChoice {
  /** As it is typed. */
  readonly text: string;
  /** DevId; empty: all phones. */
  readonly device: string;
  readonly setText: (text: string) => void;
  readonly setDevice: (device: string) => void;
  readonly clear: () => void;
  readonly isEmpty: boolean;
  /** What the host is asked for; the same object as long as it is the same. */
  readonly params: { readonly search?: string; readonly device?: string };
}

/** What is looked for in the journal, and for which phone. */
export function useJournalChoice(): JournalChoice {
  const [text, setText] = useState('');
  const [device, setDevice] = useState('');
  const [search] = useDebouncedValue(text.trim(), TYPING_PAUSE);
  const params = useMemo(
    () => ({ ...(search === '' ? {} : { search }), ...(device === '' ? {} : { device }) }),
    [search, device],
  );
  const clear = () => {
    setText('');
    setDevice('');
  };
  return { text, device, setText, setDevice, clear, isEmpty: search === '' && device === '', params };
}

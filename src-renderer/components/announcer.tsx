import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { maskEquipmentNumbers } from '../../src-main/base/equipment-number.ts';

interface Said {
  readonly number: number;
  readonly text: string;
}

const AnnounceContext = createContext<(text: string) => void>(() => undefined);
/** Sentences that stay in the region: those said at the same moment must not take each other's place. */
const KEPT = 4;

/** One live region for the whole window, so that two screens never speak over each other. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<readonly Said[]>([]);
  const announce = useCallback((text: string) => {
    const shown = maskEquipmentNumbers(text);
    setSaid((before) => [...before, { number: (before.at(-1)?.number ?? 0) + 1, text: shown }].slice(-KEPT));
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="unseen" role="status" aria-atomic="false" data-announcer>
        {said.map(({ number, text }) => (
          <p key={number}>{text}</p>
        ))}
      </div>
    </AnnounceContext>
  );
}

/** Says a sentence to who listens: once per phase, never per percent. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}

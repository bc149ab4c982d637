import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

const AnnounceContext = createContext<(text: string) => void>(() => undefined);

/** One live region for the whole window, so that two screens never speak over each other. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const [text, setText] = useState('');
  const announce = useCallback((next: string) => setText(next), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <p className="unseen" role="status" data-announcer>
        {text}
      </p>
    </AnnounceContext>
  );
}

/** Says a sentence to who listens: once per phase, never per percent. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}

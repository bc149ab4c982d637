import { FilePlus2 } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useSpeech } from '../../language/language-context.tsx';

/**
 * Takes files that are dropped anywhere on the window.
 * @returns true while some are held over it
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void, enabled: boolean): boolean {
  const [dragging, setDragging] = useState(false);
  const take = useEffectEvent(onFiles);
  const isEnabled = useEffectEvent(() => enabled);
  useEffect(() => {
    // Every element on the way is entered and left; over the window is while more were entered.
    let depth = 0;
    const stop = new AbortController();
    const on = (type: 'dragenter' | 'dragover' | 'dragleave' | 'drop', handler: (event: DragEvent) => void) =>
      window.addEventListener(
        type,
        (event) => {
          if (event.dataTransfer?.types.includes('Files') !== true) return;
          // Else the browser would show the file in the place of the page.
          event.preventDefault();
          handler(event);
        },
        { signal: stop.signal },
      );
    on('dragenter', () => {
      depth += 1;
      setDragging(isEnabled());
    });
    on('dragover', ({ dataTransfer }) => {
      if (dataTransfer !== null) dataTransfer.dropEffect = isEnabled() ? 'copy' : 'none';
    });
    on('dragleave', () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragging(false);
    });
    on('drop', ({ dataTransfer }) => {
      depth = 0;
      setDragging(false);
      if (isEnabled()) take([...(dataTransfer?.files ?? [])]);
    });
    return () => stop.abort();
  }, []);
  return dragging;
}

/** Says over the whole window what letting go will do. */
export function DropHint() {
  const { words } = useSpeech();
  return (
    <div className="packages-drop">
      <p>
        <FilePlus2 aria-hidden="true" />
        {words.screens.packages.drop}
      </p>
    </div>
  );
}

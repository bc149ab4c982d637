import { Suspense, useRef } from 'react';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { laterScreen } from '../../shell/later-screen.ts';

// Few links are lost.
const ContinuedLines = laterScreen(async () => (await import('./continued-lines.tsx')).ContinuedLines);

interface ContinuedProps {
  /** The work that is under way, or that ended last. */
  readonly task: Task | undefined;
  readonly name: string;
}

/** How the last work went on after its link was lost. */
export function Continued({ task, name }: ContinuedProps) {
  const continuations = task?.continuations ?? [];
  // What was so before the card came is no news; of other work all is.
  const said = useRef(continuations.length);
  const before = useRef(task?.id);
  if (before.current !== task?.id) {
    before.current = task?.id;
    said.current = 0;
  }
  if (task === undefined || continuations.length === 0) return null;
  return (
    <Suspense>
      <ContinuedLines key={task.id} continuations={continuations} name={name} said={said} />
    </Suspense>
  );
}

import { useHost } from '../../host/host-context.tsx';
import { ContinuedLines } from '../handsets/continued-lines.tsx';

/** How the work that this session belongs to went on after losses of its link. */
export function SessionContinued({ session }: { readonly session: string }) {
  const task = useHost(({ tasks }) => tasks.findLast(({ sessions }) => sessions.includes(session)), undefined);
  if (task?.continuations === undefined || task.continuations.length === 0) return null;
  return (
    <div className="panel">
      <ContinuedLines continuations={task.continuations} all />
    </div>
  );
}

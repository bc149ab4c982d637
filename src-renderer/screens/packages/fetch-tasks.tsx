import { Button } from '@mantine/core';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

const NO_TASKS: Task[] = [];

/** What is being fetched, and what came of it until somebody has seen it. */
export function FetchTasks() {
  const tasks = useHost((state) => state.tasks, NO_TASKS).filter(({ name }) => name === 'packages.fetch');
  if (tasks.length === 0) return null;
  return (
    <ul className="packages-tasks">
      {tasks.map((task) => (
        <li key={task.id}>
          <FetchTask task={task} />
        </li>
      ))}
    </ul>
  );
}

function FetchTask({ task }: { readonly task: Task }) {
  const { words } = useSpeech();
  const text = words.screens.packages.fetching;
  const { url = '', progress, end } = task;
  const cancel = useAction('tasks.cancel');
  const dismiss = useAction('tasks.dismiss');
  if (end === undefined) {
    return (
      <div className="panel stack">
        <div className="row packages-task">
          <p title={url}>{text.label(url)}</p>
          <Button
            variant="default"
            size="compact-sm"
            loading={cancel.running}
            onClick={() => void cancel.run({ task: task.id })}
          >
            {text.stop}
          </Button>
        </div>
        <TransferBar label={text.label(url)} transfer={progress} />
        {cancel.error !== undefined && <ErrorNotice code={cancel.error.code} message={cancel.error.message} />}
      </div>
    );
  }
  const away = (
    <Button variant="default" size="compact-sm" onClick={() => void dismiss.run({ task: task.id })}>
      {text.dismiss}
    </Button>
  );
  if (end.ok) {
    return (
      <Notice tone="done" title={text.done(url)}>
        <div className="row">{away}</div>
      </Notice>
    );
  }
  if (end.cancelled === true || end.error === undefined) {
    return (
      <Notice tone="idle" title={end.cancelled === true ? text.cancelled(url) : text.failed(url)}>
        <div className="row">{away}</div>
      </Notice>
    );
  }
  return (
    <ErrorNotice code={end.error.code} message={end.error.message} phone={text.failed(url)}>
      {away}
    </ErrorNotice>
  );
}

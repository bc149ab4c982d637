import type { Handlers } from './request-desk.ts';
import type { TaskList } from './task-list.ts';

/** What a face may do with work that somebody asked for. */
export function taskHandlers(tasks: TaskList): Pick<Handlers, 'tasks.cancel' | 'tasks.dismiss'> {
  return {
    async 'tasks.cancel'({ task }) {
      tasks.cancel(task);
      return {};
    },
    async 'tasks.dismiss'({ task }) {
      tasks.dismiss(task);
      return {};
    },
  };
}

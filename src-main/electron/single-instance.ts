import type { App } from 'electron';
import { type StartRequest, StartRequest as StartRequestSchema } from './places.ts';

/**
 * One program for each data folder: a second start hands over what it was asked for and ends.
 * @returns whether this is the first
 */
export function isOnlyInstance(
  app: Pick<App, 'requestSingleInstanceLock' | 'on'>,
  own: StartRequest,
  onSecond: (request: StartRequest) => void,
): boolean {
  if (!app.requestSingleInstanceLock({ ...own })) return false;
  app.on('second-instance', (_event, _args, _folder, additionalData) => {
    // From another process of the same user; what does not fit still brings the window to the front.
    onSecond(StartRequestSchema.safeParse(additionalData).data ?? {});
  });
  return true;
}

import { PcAgentError, type Retry } from '../base/errors.ts';

/** What the operating system said of the cache's folder, as an error of ours; anything else stays as it is. */
export function diskError(error: unknown, folder: string): unknown {
  const os = codeOf(error);
  const make = (reason: string, message: string, retry: Retry) =>
    new PcAgentError(`cache/${reason}`, message, { cause: error, retry, details: { folder, os } });
  switch (os) {
    case 'ENOSPC':
    case 'EDQUOT':
      return make('full', 'the disk of the package cache is full', 'after-operator');
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return make('read-only', 'the folder of the package cache cannot be written', 'after-operator');
    case 'EIO':
      return make('unreadable', 'the disk of the package cache failed to read or write', 'after-operator');
    default:
      return error;
  }
}

/** Runs a step on the cache's own folder. @throws PcAgentError `cache/full`, `/read-only`, `/unreadable` */
export async function onDisk<T>(folder: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** The operating system's name of an error, or nothing. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

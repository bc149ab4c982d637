import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { PcAgentError } from '../../base/errors.ts';
import { writeFileAtomically } from '../../base/node/atomic-file.ts';

/** One JSON document on disk, replaced as a whole. */
export interface JsonFile<T> {
  /** What was there when it was opened. */
  readonly initial: T | undefined;
  /** Returns when the new content is on disk; the old one stays when it cannot be. */
  write(value: T): void;
}

/** Keeps nothing: for a server without `--state`. */
export function noFile<T>(): JsonFile<T> {
  return { initial: undefined, write: () => undefined };
}

/**
 * Opens `folder/name`, making the folder if need be.
 * @throws PcAgentError `dms/state-invalid` when what is there is not what the schema says: it is left alone.
 */
export async function openJsonFile<S extends z.ZodType>(
  folder: string,
  name: string,
  schema: S,
): Promise<JsonFile<z.output<S>>> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  return { initial: readState(path, schema), write: (value) => writeFileAtomically(path, JSON.stringify(value)) };
}

function readState<S extends z.ZodType>(path: string, schema: S): z.output<S> | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new PcAgentError('dms/state-invalid', `${path} cannot be read`, { cause, retry: 'after-operator' });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PcAgentError('dms/state-invalid', `${path} is not what this version wrote`, {
      cause,
      retry: 'after-operator',
    });
  }
}

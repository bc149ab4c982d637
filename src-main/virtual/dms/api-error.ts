import { z } from 'zod';

/** Body of every answer that is no success. */
export const ErrorBody = z.object({
  code: z.string().meta({ description: 'stable: family/reason' }),
  message: z.string(),
});

/** A refusal with its HTTP status; the error handler turns it into an `ErrorBody`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** `value` as the schema has it. @throws ApiError 400 with `code`, naming the first field that is wrong. */
export function parseOrRefuse<S extends z.ZodType>(schema: S, value: unknown, code: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.join('.');
  throw new ApiError(400, code, `${where}: ${issue?.message ?? 'invalid'}`);
}

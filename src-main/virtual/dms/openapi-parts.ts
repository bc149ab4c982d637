import { z } from 'zod';
import { ErrorBody } from './api-error.ts';

export type OpenApiPart = Record<string, unknown>;

export function deviceParameter(required: boolean): OpenApiPart {
  return queryParameter('device', 'an IMEI with or without the prefix IMEI:', required);
}

export function queryParameter(name: string, description: string, required = false): OpenApiPart {
  return { name, in: 'query', required, schema: { type: 'string' }, description };
}

export function pathParameter(name: string, description: string): OpenApiPart {
  return { name, in: 'path', required: true, schema: { type: 'string' }, description };
}

/** An operation of the document. */
export function operation(summary: string, rest: OpenApiPart): OpenApiPart {
  return { summary, ...rest };
}

/** A body that is checked with the schema. */
export function body(schema: z.ZodType): OpenApiPart {
  return { required: true, content: { 'application/json': { schema: jsonSchema(schema, 'input') } } };
}

/** An answer in JSON. */
export function json(description: string, schema: z.ZodType): OpenApiPart {
  return { description, content: { 'application/json': { schema: jsonSchema(schema, 'output') } } };
}

/** An answer that is no success. */
export function failure(description: string): OpenApiPart {
  return json(description, ErrorBody);
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): OpenApiPart {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

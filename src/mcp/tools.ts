import { z } from 'zod';

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['query', 'path']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  example: z.unknown().optional(),
  schema: z.record(z.string(), z.unknown()),
});

const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).default([]),
  'x-scope': z.string().optional(),
  parameters: z.array(z.unknown()).default([]),
  responses: z.object({ 200: z.object({ content: z.record(z.string(), z.unknown()).default({}) }).optional() }),
});

/** Of the API's own document as much as tools are made of. */
export const documentSchema = z.object({
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.object({ get: z.unknown().optional() })),
});
export type ApiDocument = z.infer<typeof documentSchema>;

/** A question as an assistant is offered it, and where the API answers it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Record<string, object>;
    readonly required: string[];
    readonly additionalProperties: false;
  };
  /** With `{…}` for its parts. */
  readonly path: string;
}

/**
 * Every question of the API that a key may read: its parameters are the tool's input, by the schemas that validate them.
 * What names people is none: it would leave for wherever the assistant thinks.
 */
export function toolsOf({ paths }: ApiDocument): readonly Tool[] {
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const operation = operationSchema.safeParse(get);
    return operation.success && isQuestion(operation.data) ? [toolOf(path, operation.data)] : [];
  });
}

type Operation = z.infer<typeof operationSchema>;

function isQuestion({ 'x-scope': scope, tags, responses }: Operation): boolean {
  return scope === 'read' && !tags.includes('write') && 'application/json' in (responses[200]?.content ?? {});
}

function toolOf(path: string, { operationId, summary, parameters }: Operation): Tool {
  const taken = parameters.flatMap((one) => {
    const parameter = parameterSchema.safeParse(one);
    return parameter.success ? [parameter.data] : [];
  });
  const properties = taken.map(({ name, description, example, schema }): [string, object] => [
    name,
    { ...schema, description, ...(example !== undefined && { examples: [example] }) },
  ]);
  return {
    name: nameOf(operationId),
    description: `${summary}. GET ${path}`,
    inputSchema: {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: taken.flatMap(({ name, required }) => (required ? [name] : [])),
      additionalProperties: false,
    },
    path,
  };
}

/** `products_by_item_id` of `getProductsByItemId`. */
function nameOf(operationId: string): string {
  return operationId
    .replace(/^get/, '')
    .replaceAll(/(?<=.)([A-Z])/g, '_$1')
    .toLowerCase();
}

type Request =
  | { readonly outcome: 'request'; readonly path: string }
  | { readonly outcome: 'wrong'; readonly message: string };

/** The path by which the API is asked what a tool is asked. */
export function requestOf({ path, inputSchema }: Tool, given: Readonly<Record<string, unknown>>): Request {
  const query = new URLSearchParams();
  let filled = path;
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue;
    if (!['string', 'number', 'boolean'].includes(typeof value)) return wrong(`${name} must be a text or a number`);
    const text = String(value);
    if (!filled.includes(`{${name}}`)) {
      query.set(name, text);
      continue;
    }
    // In a path these lead upwards or nowhere, to another question.
    if (['', '.', '..'].includes(text)) return wrong(`${name} can't be ${text === '' ? 'empty' : text} here`);
    if (!text.isWellFormed()) return wrong(`${name} must be well-formed Unicode`);
    filled = filled.replace(`{${name}}`, () => encodeURIComponent(text));
  }
  const missing = inputSchema.required.filter((name) => filled.includes(`{${name}}`));
  if (missing.length > 0) return wrong(`${missing.join(', ')} is needed`);
  return { outcome: 'request', path: query.size > 0 ? `${filled}?${query}` : filled };
}

const wrong = (message: string): Request => ({ outcome: 'wrong', message });

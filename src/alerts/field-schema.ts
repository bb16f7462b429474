import { z } from 'zod';

/** As much of JSON Schema as tells where numbers are. */
const shape = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

const INDEX = /^\d+$/;

/** Whether answers of this schema have a number at a path (`numberAt`), also where a list has no rows yet. */
export function hasNumberAt(answer: z.ZodType, path: string): boolean {
  const schema = z.toJSONSchema(answer, { unrepresentable: 'any', reused: 'inline', io: 'output' });
  return has(schema, path.split('.'));
}

function has(schema: unknown, [segment, ...rest]: readonly string[]): boolean {
  const parsed = shape.safeParse(schema);
  if (!parsed.success) return schema === true;
  const { type, properties, additionalProperties, items, anyOf } = parsed.data;
  if (anyOf !== undefined) return anyOf.some((one) => has(one, segment === undefined ? [] : [segment, ...rest]));
  if (type === undefined) return true;
  if (segment === undefined) return [type].flat().some((one) => one === 'number' || one === 'integer');
  if (items !== undefined) {
    const [name = '', wanted] = segment.split('=');
    const isOfRows = segment === 'sum' || segment === 'max' || INDEX.test(segment);
    return (isOfRows || (wanted !== undefined && hasField(items, name))) && has(items, rest);
  }
  return has(own(properties, segment) ?? additionalProperties ?? false, rest);
}

function hasField(row: unknown, name: string): boolean {
  const parsed = shape.safeParse(row);
  if (!parsed.success) return false;
  const { properties, additionalProperties, anyOf } = parsed.data;
  if (anyOf !== undefined) return anyOf.some((one) => hasField(one, name));
  return own(properties, name) !== undefined || (additionalProperties ?? false) !== false;
}

/** What everything inherits is no field. */
const own = (properties: Readonly<Record<string, unknown>> | undefined, name: string): unknown =>
  properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;

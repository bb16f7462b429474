import { z } from 'zod';
import type { Json } from './system.ts';

type Ask = (path: string) => Promise<Response>;

/** JSON Schema as zod reads it: names lie elsewhere, and what the document does not say must not be there. */
function readable(node: Json): Json {
  if (Array.isArray(node)) return node.map(readable);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries<Json>(node)
    .filter(([key]) => key !== 'example' && key !== 'description')
    .map(([key, value]): [string, Json] =>
      key === '$ref' ? [key, value.replace('#/components/schemas/', '#/$defs/')] : [key, readable(value)],
    );
  const closed = node.type === 'object' && node.properties !== undefined && node.additionalProperties === undefined;
  return { ...Object.fromEntries(entries), ...(closed && { additionalProperties: false }) };
}

/** Compares answers with the OpenAPI document that the server itself gives. */
export class Documented {
  private readonly ask: Ask;
  private document: Promise<Json> | undefined;
  private readonly schemas = new Map<string, z.ZodType>();

  constructor(ask: Ask) {
    this.ask = ask;
  }

  /** @throws where an answer is another than the document says */
  async check(method: string, path: string, response: Response): Promise<void> {
    const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
    if (!type.endsWith('json') || method === 'HEAD' || response.status === 304) return;
    this.document ??= this.ask('/openapi.json').then((document) => document.json());
    const document = await this.document;
    const [pathname = ''] = path.split('?');
    if (pathname === '/openapi.json') return;
    const takes = (one: string): boolean => document.paths[one][method.toLowerCase()] !== undefined;
    const template = templateOf(Object.keys(document.paths).filter(takes), pathname);
    const operation = template === undefined ? undefined : document.paths[template][method.toLowerCase()];
    const name = `${method} ${template ?? pathname} ${response.status}`;
    const content = operation?.responses[response.status]?.content ?? problemContent(response.status);
    if (content?.[type] === undefined) throw new Error(`${name}: ${type} is not documented`);
    const body: Json = await response.clone().json();
    const result = this.schemaOf(name, document, content[type].schema).safeParse(body);
    if (!result.success)
      throw new Error(
        `${name} is not as documented: ${z.prettifyError(result.error)}\n${JSON.stringify(body).slice(0, 500)}`,
      );
  }

  private schemaOf(name: string, document: Json, schema: Json): z.ZodType {
    let known = this.schemas.get(name);
    if (known === undefined) {
      known = z.fromJSONSchema({ ...readable(schema), $defs: readable(document.components.schemas) });
      this.schemas.set(name, known);
    }
    return known;
  }
}

const problemContent = (status: number): Json =>
  status < 400 ? undefined : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Paths of words alone go first. */
function templateOf(templates: readonly string[], path: string): string | undefined {
  const fits = (template: string): boolean =>
    new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`).test(path);
  return templates.find((template) => template === path) ?? templates.find(fits);
}

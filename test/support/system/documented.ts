import { gunzipSync } from 'node:zlib';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { Json } from './system.ts';

type Ask = (path: string) => Promise<Response>;

/** What OpenAPI says beside JSON Schema, and what says nothing about a value. */
const SAYS_NOTHING = ['example', 'components', 'paths'];

/** What is for people and browsers; the document itself is checked by a test of its own. */
const NOT_DOCUMENTED = /^\/($|docs|problems|openapi\.json$|favicon\.svg$|assets\/|cartpulse\.js$)/;

/** What the document does not say must not be there. */
function closed(node: Json, isPart = false): Json {
  if (Array.isArray(node)) return node.map((one) => closed(one, isPart));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries<Json>(node).map(([key, value]): [string, Json] =>
    key === 'properties'
      ? [key, Object.fromEntries(Object.entries<Json>(value).map(([name, one]) => [name, closed(one)]))]
      : [key, closed(value, key === 'allOf')],
  );
  const says = node.properties !== undefined || node.allOf !== undefined || node.$ref !== undefined;
  const isOpen = isPart || node.additionalProperties !== undefined;
  return { ...Object.fromEntries(entries), ...(says && !isOpen && { unevaluatedProperties: false }) };
}

/** What is referred to may be a part of something larger; whoever refers to it closes it. */
const referredTo = (schemas: Json): Json =>
  Object.fromEntries(
    Object.entries<Json>(schemas).map(([name, schema]) => {
      const { unevaluatedProperties: _, ...open } = closed(schema);
      return [name, open];
    }),
  );

/** What a document says of answers. */
class Schemas {
  readonly document: Json;
  private readonly paths: readonly (readonly [template: string, pattern: RegExp])[];
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly ajv = new Ajv2020({ strictTypes: false, formats: fullFormats });

  constructor(text: string) {
    this.document = JSON.parse(text);
    this.paths = Object.keys(this.document.paths).map((template) => [template, patternOf(template)]);
    this.ajv.addVocabulary(SAYS_NOTHING);
    this.ajv.addSchema({ $id: 'openapi', components: { schemas: referredTo(this.document.components.schemas) } });
  }

  /** Which of its paths answers this one; paths of words alone go first. */
  templateOf(path: string, verb: string): string | undefined {
    const takes = ([template]: readonly [string, RegExp]): boolean => this.document.paths[template][verb] !== undefined;
    const found = this.paths.filter(([template, pattern]) => template === path || pattern.test(path)).filter(takes);
    return (found.find(([template]) => template === path) ?? found[0])?.[0];
  }

  of(name: string, schema: Json): ValidateFunction {
    let known = this.compiled.get(name);
    if (known === undefined) {
      known = this.ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"openapi#/')));
      this.compiled.set(name, known);
    }
    return known;
  }
}

/** Most systems have the same document: to make one, and to compile its schemas, takes longer than most answers. */
const known = new Map<string, Schemas>();
const asked = new Map<string, Promise<Schemas>>();

/** Compares answers with the OpenAPI document that the server itself gives. */
export class Documented {
  private readonly ask: Ask;
  private readonly alike: string | undefined;
  private schemas: Promise<Schemas> | undefined;

  /** @param alike whoever says the same here has the same document */
  constructor(ask: Ask, alike?: string) {
    this.ask = ask;
    this.alike = alike;
  }

  /** @throws where an answer is another than the document says */
  async check(method: string, path: string, response: Response): Promise<void> {
    const pathname = new URL(path, 'http://localhost').pathname;
    if (NOT_DOCUMENTED.test(pathname)) return;
    const schemas = await this.learn();
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const template = schemas.templateOf(pathname, verb);
    const operation = template === undefined ? undefined : schemas.document.paths[template][verb];
    const name = `${method} ${template ?? pathname} ${response.status}`;
    if (operation === undefined && response.ok && verb !== 'options') throw new Error(`${name}: is not documented`);
    if (!response.headers.has('X-Request-Id')) throw new Error(`${name}: without an X-Request-Id`);
    if (response.status === 204 || response.status === 304 || verb === 'options') return;
    const content = operation?.responses[response.status]?.content ?? problemContent(response.status);
    const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
    // It need not have one where it says nothing.
    if (content === undefined && type === '') return;
    if (content?.[type] === undefined) throw new Error(`${name}: ${type} is not documented`);
    if (method === 'HEAD' || !type.endsWith('json')) return;
    await this.compare(name, content[type].schema, JSON.parse(await textOf(response.clone())));
  }

  /** Compares what a stream of server-sent events has brought. @throws where it is another than the document says */
  async checkEvents(path: string, text: string): Promise<void> {
    const { schema } = (await this.learn()).document.paths[path].get.responses[200].content['text/event-stream'];
    for (const [, event, data] of text.matchAll(/^event: (.+)\ndata: (.+)$/gm))
      if (event !== 'unavailable') await this.compare(`GET ${path}`, schema, { event, data: JSON.parse(data ?? '') });
  }

  private async compare(name: string, schema: Json, body: Json): Promise<void> {
    const matches = (await this.learn()).of(name, schema);
    if (matches(body)) return;
    const errors = (matches.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
    throw new Error(`${name} is not as documented: ${errors.join('; ')}\n${JSON.stringify(body).slice(0, 500)}`);
  }

  private learn(): Promise<Schemas> {
    const { alike } = this;
    this.schemas ??= alike === undefined ? undefined : asked.get(alike);
    this.schemas ??= this.ask('/openapi.json').then(async (answer) => schemasOf(await answer.text()));
    if (alike !== undefined) asked.set(alike, this.schemas);
    return this.schemas;
  }
}

function schemasOf(text: string): Schemas {
  const schemas = known.get(text) ?? new Schemas(text);
  known.set(text, schemas);
  return schemas;
}

async function textOf(response: Response): Promise<string> {
  const bytes = Buffer.from(await response.arrayBuffer());
  return (response.headers.get('Content-Encoding') === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

const problemContent = (status: number): Json =>
  status < 400 ? undefined : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`);

import { Readable } from 'node:stream';
import openapiTypes from 'openapi-typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { questions } from '../../src/analytics/index.ts';
import { appOf } from '../http/app-parts.ts';

const HEADER = `// Types of the API's answers, made from its OpenAPI document by openapi-typescript.
// Make them anew with: npm run api-types
`;

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.object({ get: z.looseObject({ responses: z.looseObject({}) }).optional() })),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** Of the document: what can be asked, what it is answered with, and how a refusal looks. */
function readsOf({ paths, components, ...rest }: z.infer<typeof documentSchema>): string {
  const reads = Object.entries(paths).flatMap(([path, { get }]) =>
    get === undefined ? [] : [[path, { get: { ...get, responses: { 200: get.responses['200'] } } }]],
  );
  const named = JSON.stringify(reads);
  const schemas = Object.entries(components.schemas).filter(
    ([name]) => name === 'Problem' || named.includes(`/${name}"`),
  );
  return JSON.stringify({
    ...rest,
    paths: Object.fromEntries(reads),
    components: { schemas: Object.fromEntries(schemas) },
  });
}

test('the types that the page is written with are those of the API', async () => {
  const document = await (await appOf(questions).request('/openapi.json')).json();
  const schema = Readable.from([readsOf(documentSchema.parse(document))]);
  const types = await openapiTypes(schema, { alphabetize: true, commentHeader: HEADER, immutableTypes: true });
  await expect(types).toMatchFileSnapshot('../../src/dashboard/app/api-types.ts');
});

import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** After `npm run chaos`: what each test did and what came of it, as a table for docs/reliability.md. */
const REPORTS = resolve(import.meta.dirname, '../../.cache/chaos');
const schema = z.object({
  name: z.string(),
  full: z.boolean(),
  figures: z.record(z.string(), z.union([z.number(), z.string(), z.record(z.string(), z.number())])),
});

for (const file of readdirSync(REPORTS).sort()) {
  const { name, full, figures } = schema.parse(JSON.parse(readFileSync(resolve(REPORTS, file), 'utf8')));
  const text = Object.entries(figures).map(([what, n]) => `${what} ${typeof n === 'object' ? JSON.stringify(n) : n}`);
  process.stdout.write(`| ${name}${full ? '' : ' (short)'} | ${text.join(', ')} |\n`);
}

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../..');
const dir = resolve(root, 'ops/prometheus');
const rule = z.strictObject({
  alert: z.string().regex(/^[A-Z]\w+$/),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
});
const rules = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(parse(readFileSync(resolve(dir, 'rules.yml'), 'utf8')))
  .groups.flatMap((group) => group.rules);
const pages = readdirSync(resolve(root, 'docs/runbooks')).sort();

const promtool = (...args: string[]): string => execFileSync('promtool', args, { cwd: dir, encoding: 'utf8' });

test('each alert has a page that says what it means, what it does and what to do, and each page an alert', () => {
  expect(rules.map(({ alert }) => `${alert}.md`).sort()).toEqual(pages);
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/runbooks/${alert}.md`);
    const page = readFileSync(resolve(root, annotations.runbook), 'utf8');
    expect(page).toMatch(
      new RegExp(`^# ${alert}\n\n\\*\\*It says:\\*\\* .+\n\n\\*\\*What it does:\\*\\* .+\n\n\\*\\*What to do:`),
    );
    for (const [, link = ''] of page.matchAll(/\]\(([^)#]+)/g))
      expect(() => readFileSync(resolve(root, 'docs/runbooks', link))).not.toThrow();
  }
});

test('Prometheus takes the configuration and the rules', () => {
  expect(promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS');
});

test('each rule fires where it should, and is silent where all is well', () => {
  const cases = ['rules.test.yml', 'weeks.test.yml'];
  expect(promtool('test', 'rules', ...cases)).toContain('SUCCESS');
  const tried = cases.map((name) => readFileSync(resolve(dir, name), 'utf8')).join();
  for (const { alert } of rules) expect(tried).toContain(`alertname: ${alert}`);
});

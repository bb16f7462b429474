import { numberAt } from '../../alerts/field.ts';
import { hasNumberAt } from '../../alerts/field-schema.ts';
import type { Metrics, MetricValue, Stretch } from '../../alerts/ports.ts';
import type { Rule, RuleProblem } from '../../alerts/rule.ts';
import type { Question, Route } from '../../analytics/question.ts';
import { answer, type ReadParts } from '../../http/answer.ts';
import { fieldErrorsOf } from '../../http/problems.ts';
import { dimensionParams } from '../../http/routes/questions.ts';
import { NotFound, QueryProblem } from '../../metrics/query/problems.ts';

/** A row by its place, which may be beyond the end. */
const INDEX = /^\d+\./;
/** Rows of a list in which the one that is meant is looked for. */
const MOST_ROWS = 1_000;

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Numbers of answers, as the API would give them. */
export function metricsOf(questions: readonly Question[], parts: ReadParts): Metrics {
  const routes = questions.flatMap(({ routes: all }) => all);
  const find = (path: string): Found | undefined => {
    const found = routes.flatMap((route) => {
      const params = paramsOf(route.path, `/v1/${path}`);
      return params === undefined ? [] : [{ route, params }];
    });
    // `/v1/products/rising` is no item called rising.
    return found.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)[0];
  };
  return {
    stepMinutes(path) {
      const found = find(path);
      return found && (found.route.grain === '15m' ? 15 : 60);
    },
    async value(rule, stretch) {
      const found = find(rule.answer);
      if (found === undefined) return wrong({ path: 'answer', message: `there is no answer /v1/${rule.answer}` });
      return read(found, rule, stretch, parts);
    },
    asOf: parts.asOf,
  };
}

async function read(
  { route, params }: Found,
  { field, filter }: Pick<Rule, 'field' | 'filter'>,
  stretch: Stretch | undefined,
  parts: ReadParts,
): Promise<MetricValue> {
  const { calendar, dimensions } = parts;
  const period = stretch && { from: calendar.format(stretch.fromMs), to: calendar.format(stretch.toMs) };
  const asked = route.query
    .extend(dimensionParams(route, dimensions))
    .strict()
    .safeParse({ ...('limit' in route.query.shape && { limit: MOST_ROWS }), ...filter });
  if (!asked.success) {
    const [problem = { path: '', message: 'is not valid' }] = fieldErrorsOf(asked.error);
    return wrong({ ...problem, path: `filter.${problem.path}` });
  }
  if (!hasNumberAt(route.data, field)) return wrong({ path: 'field', message: `is no number of ${route.path}` });
  try {
    const { data } = await answer(route, { ...asked.data, ...period }, params, parts);
    const value = numberAt(data, field);
    // Rows of some answers may have fields that their schema does not name.
    if (value === undefined && Array.isArray(data) && data.length > 0 && !INDEX.test(field))
      return wrong({ path: 'field', message: `is no number of ${route.path}` });
    // A row that is not there yet says nothing of its fields.
    return value === undefined || value === null ? { outcome: 'none' } : { outcome: 'value', value };
  } catch (error) {
    // Of an item somebody may hear yet.
    if (error instanceof NotFound && error.because?.reason === 'unknown-item') return { outcome: 'none' };
    if (error instanceof NotFound) return wrong({ path: 'answer', message: error.message });
    // Weeks back, or behind a backlog, the hours of a day are not kept; what else is wrong is so whenever it is asked.
    if (error instanceof QueryProblem && error.because?.reason === 'hours-gone') return { outcome: 'none' };
    if (error instanceof QueryProblem)
      return wrong({ path: `filter.${error.path}`, message: error.message, ...error.because });
    throw error;
  }
}

const wrong = (problem: RuleProblem): MetricValue => ({ outcome: 'wrong', problem });

function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const [names, segments] = [template.split('/'), path.split('/')];
  if (names.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const segment = segments[i] ?? '';
    if (name.startsWith('{')) params[name.slice(1, -1)] = decoded(segment);
    else if (name !== segment) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

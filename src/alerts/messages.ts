import type { Notice } from './ports.ts';
import type { Rule } from './rule.ts';

/** In a line, for people. */
export function sentenceOf({ turn, value, expected }: Notice, rule: Rule): string {
  const of = rule.over_minutes === undefined ? 'now' : `over ${rule.over_minutes} minutes`;
  const usual = expected === undefined ? '' : `, usually ${round(expected)}`;
  const what = `${rule.field} of ${rule.answer} is ${round(value)} ${of}${usual}`;
  return turn === 'fired' ? `${rule.name}: ${what}` : `${rule.name} is over: ${what}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** As webhooks send it. */
export function bodyOf(notice: Notice, rule: Rule): string {
  const { id, alertId, name, turn, at, value, expected } = notice;
  const { answer, field, filter, when } = rule;
  const data = { event_id: id, alert_id: alertId, name, value, expected, answer, field, filter, when };
  return JSON.stringify({ type: `alert.${turn}`, timestamp: at, data });
}

export function slackOf(notice: Notice, rule: Rule): string {
  const sign = notice.turn === 'fired' ? ':rotating_light:' : ':white_check_mark:';
  // What Slack would take for a mention or a link.
  const text = sentenceOf(notice, rule).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return JSON.stringify({ text: `${sign} ${text}` });
}

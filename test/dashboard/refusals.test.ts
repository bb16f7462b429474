import { expect, test } from 'vitest';
import { reasons as germanReasons } from '../../src/dashboard/app/words/de/refusals/reasons.ts';
import { refusals as german } from '../../src/dashboard/app/words/de/refusals/refusals.ts';
import { reasons as englishReasons } from '../../src/dashboard/app/words/en/refusals/reasons.ts';
import { refusals as english } from '../../src/dashboard/app/words/en/refusals/refusals.ts';
import { problemTypes, problemUri } from '../../src/http/problem-types.ts';
import { REASONS } from '../../src/metrics/query/reason.ts';

const kinds = problemTypes.map(({ code }) => problemUri(code));

test('the page has words of its own for each kind of refusal, in both languages, and for no other', () => {
  for (const table of [english, german]) {
    expect(Object.keys(table)).toEqual(kinds);
    expect(new Set(Object.values(table)).size).toBe(kinds.length);
    for (const text of Object.values(table)) expect(text).toMatch(/^[A-ZÄÖÜ].+\.$/);
  }
});

test('no text of one language stands in the other', () => {
  const words = (text: string): string[] => text.toLowerCase().match(/[a-zäöüß]+/g) ?? [];
  const common = new Set(['the', 'is', 'be', 'not', 'or', 'this', 'of', 'der', 'die', 'das', 'ist', 'sich', 'nicht']);
  const of = (table: Readonly<Record<string, string>>, own: RegExp): string[] =>
    Object.values(table).filter((text) => words(text).some((word) => common.has(word) && !own.test(word)));
  expect(of(english, /^(the|is|be|not|or|this|of)$/)).toEqual([]);
  expect(of(german, /^(der|die|das|ist|sich|nicht)$/)).toEqual([]);
});

test('the page has words for each reason, in both languages, which take the same values', () => {
  const braces = (text = ''): string[] => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).toSorted();
  for (const table of [englishReasons, germanReasons]) {
    expect(Object.keys(table.of).toSorted()).toEqual([...REASONS].toSorted());
    expect(new Set(Object.values(table.of)).size).toBe(REASONS.length);
  }
  for (const reason of REASONS)
    expect([reason, braces(germanReasons.of[reason])]).toEqual([reason, braces(englishReasons.of[reason])]);
  expect(Object.keys(germanReasons.fields)).toEqual(Object.keys(englishReasons.fields));
  expect(Object.keys(germanReasons.scopes)).toEqual(Object.keys(englishReasons.scopes));
});

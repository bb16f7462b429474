import type { Fact } from '../facts.ts';
import type { Writes } from '../writes.ts';
import { frequencies } from './keys.ts';

export function foldEventFrequencies(fact: Fact, writes: Writes): void {
  if (fact.kind === 'event') writes.addInCity(frequencies, fact.at, fact.event.name, fact.event.city);
  if (fact.kind === 'inventory') writes.add(frequencies, fact.at, fact.event.name);
}

import type { Fact } from '../facts.ts';
import { inCity } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { frequencies } from './keys.ts';

export function foldEventFrequencies(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' && fact.kind !== 'inventory') return;
  writes.add(frequencies, fact.at, fact.event.name);
  if (fact.kind === 'event') writes.add(frequencies, fact.at, inCity(fact.event.name, fact.event.city));
}

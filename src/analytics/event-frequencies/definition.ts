import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

export const frequencies = family({
  name: 'frequencies',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  description: 'events by name; shop events also by city',
});

function foldEventFrequencies(fact: Fact, writes: Writes): void {
  if (fact.kind === 'event') writes.addInCity(frequencies, fact.at, fact.event.name, fact.event.city);
  if (fact.kind === 'inventory') writes.add(frequencies, fact.at, fact.event.name);
}

export const eventFrequenciesDefinition = {
  families: [frequencies],
  fold: foldEventFrequencies,
} satisfies Definition;

import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Sums } from '../../metrics/sums/sums.ts';
import type { MetricId } from '../../metrics/sums/window-sums.ts';

export const frequencies = family({
  name: 'frequencies',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  groupOf: (field) => /^[^|]*/.exec(field)?.[0],
  description: 'events by name',
});

function countEvents(sums: Sums): Counting {
  const byName: MetricId[] = [];
  return {
    event({ countedName, hour, dimensions }) {
      byName[countedName] ??= sums.counter(frequencies, sums.dictionaries.names.text(countedName));
      hour.add(byName[countedName], dimensions);
    },
    inventory: ({ event, hour }) => hour.add(sums.counter(frequencies, event.name), NO_VALUE),
  };
}

export const eventFrequenciesDefinition = {
  families: [frequencies],
  count: countEvents,
} satisfies Definition;

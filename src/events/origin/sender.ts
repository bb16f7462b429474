import type { WireShopEvent } from '../schema.ts';

/** Where somebody is, as far as it is known. */
export interface Location {
  readonly city?: string | undefined;
  readonly country?: string | undefined;
}

/** What a browser's request says of who sent it, beside its events. */
export interface Sender {
  /** A known bot: what it sends is counted apart. */
  readonly isBot: boolean;
  /** Found by its address, which is kept nowhere. */
  readonly location?: Location | undefined;
}

/** What is named goes first; what was found is only added where it does not speak of somewhere else. */
export function located(named: Location, found: Location): Location {
  if (named.city !== undefined) return named;
  const isElsewhere = named.country !== undefined && named.country !== found.country;
  return isElsewhere ? named : { city: found.city, country: found.country };
}

/** The event with where its sender is, where it does not say so itself. */
export function locatedEvent(event: WireShopEvent, found: Location): WireShopEvent {
  const { city, country } = located(event, found);
  return {
    ...event,
    ...(city !== undefined && { city }),
    ...(country !== undefined && { country }),
  };
}

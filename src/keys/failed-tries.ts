import ipaddr from 'ipaddr.js';

const AT_ONCE = 20;
const REFILL_MS = 3_000;
const MAX_ADDRESSES = 10_000;
const MAX_GOOD = 1_000;
const MAX_WRONG = 100;

interface Tries {
  left: number;
  atMs: number;
  /** Digests of keys that were right from here: whoever shares an address with somebody who guesses is let in all the same. */
  readonly good: Set<string>;
  /** A key that has ended, and that some server goes on sending, is no guess each time. */
  readonly wrong: Set<string>;
}

/** Slows down whoever guesses keys: twenty different ones at once, then one in three seconds for each address. */
export class FailedTries {
  private readonly now: () => number;
  private readonly byAddress = new Map<string, Tries>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** May a key be looked at? @returns seconds to wait where it may not */
  waitSeconds(address: string, digest: string): number | undefined {
    const tries = this.byAddress.get(groupOf(address));
    if (tries === undefined || tries.good.has(digest) || tries.wrong.has(digest)) return undefined;
    this.refill(tries);
    return tries.left >= 1 ? undefined : Math.ceil(((1 - tries.left) * REFILL_MS) / 1_000);
  }

  /** @returns whether it is the first time */
  failed(address: string, digest: string): boolean {
    const tries = this.triesOf(address);
    if (tries.wrong.has(digest)) return false;
    if (tries.wrong.size >= MAX_WRONG) tries.wrong.clear();
    tries.wrong.add(digest);
    this.refill(tries);
    tries.left -= 1;
    return true;
  }

  wasGood(address: string, digest: string): void {
    const known = this.byAddress.get(groupOf(address));
    if (known?.good.has(digest)) return;
    const { good } = known ?? this.triesOf(address);
    if (good.size < MAX_GOOD) good.add(digest);
  }

  private refill(tries: Tries): void {
    const nowMs = this.now();
    tries.left = Math.min(AT_ONCE, tries.left + Math.max(0, nowMs - tries.atMs) / REFILL_MS);
    tries.atMs = nowMs;
  }

  private triesOf(address: string): Tries {
    const group = groupOf(address);
    const known = this.byAddress.get(group);
    if (known !== undefined) return known;
    // Those that came first have tried longest ago, or are let in by keys that are right.
    const [first] = this.byAddress.keys();
    if (this.byAddress.size >= MAX_ADDRESSES && first !== undefined) this.byAddress.delete(first);
    const made: Tries = { left: AT_ONCE, atMs: this.now(), good: new Set(), wrong: new Set() };
    this.byAddress.set(group, made);
    return made;
  }
}

/** Whoever has one address of IPv6 has all of its /64. */
function groupOf(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}

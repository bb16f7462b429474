import { hash } from 'node:crypto';
import { OTHER } from '../../metrics/dimension.ts';
import { MEMBER_CAPS, MEMBER_KINDS, type MemberCaps, type MemberKind } from '../../metrics/members.ts';
import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { Writes } from '../../metrics/writes.ts';
import { admittedMembers } from '../state/state-families.ts';
import { HashSet } from './hash-set.ts';

/** Days that are remembered: events are mostly of today; and so many members of all of them. */
const MOST_DAYS = 60;
const MOST_MEMBERS = 1_000_000;

/** A member as it is stored: its kind, and 64 bits of SHA-256, so that nobody finds others that are taken for it. */
const RECORD_BYTES = 9;
const [UNKNOWN, ADMITTED, BEYOND] = [0, 1, 2];
const FIRST_VERDICTS = 256;

/**
 * Which items, search terms, event names, payment types and coupons are told apart on each local day: the first that the partition's log
 * brings, as many as their cap; all others count as OTHER. So no sender can fill the store, and every cut of the log gives the same.
 */
export class AdmittedMembers {
  private readonly dictionaries: Dictionaries;
  private readonly caps: MemberCaps;
  private readonly days = new Map<string, DayMembers>();
  /** Neighbouring events mostly share their day. */
  private last: { readonly day: string; readonly of: DayMembers } | undefined;

  constructor(dictionaries: Dictionaries, caps: MemberCaps = MEMBER_CAPS) {
    this.dictionaries = dictionaries;
    this.caps = caps;
  }

  /** @param stored one record behind the other */
  load(day: string, stored: Buffer): void {
    this.last = undefined;
    this.days.set(day, new DayMembers(this.dictionaries, this.caps, stored));
  }

  of(day: string): DayMembers {
    if (this.last?.day === day) return this.last.of;
    const of = this.days.get(day);
    if (of === undefined) throw new Error(`what is told apart on ${day} was not read`);
    this.last = { day, of };
    return of;
  }

  isLoaded(day: string): boolean {
    return this.days.has(day);
  }

  /** Writes what the unit has admitted. */
  save(writes: Writes, partition: string): void {
    let members = 0;
    for (const [day, of] of this.days) {
      const fresh = of.takeFresh();
      if (fresh !== undefined) writes.append(admittedMembers, `${partition}:${day}`, fresh);
      members += of.size;
    }
    if (this.days.size > MOST_DAYS || members > MOST_MEMBERS) {
      this.days.clear();
      this.last = undefined;
    }
  }
}

/** What is told apart on one day. */
export class DayMembers {
  readonly names: KindMembers;
  readonly items: KindMembers;
  readonly terms: KindMembers;
  readonly payments: KindMembers;
  readonly coupons: KindMembers;
  readonly searches: KindMembers;
  private readonly fresh: Buffer[] = [];

  constructor(dictionaries: Dictionaries, caps: MemberCaps, stored: Buffer) {
    const kindOf = (kind: MemberKind): KindMembers =>
      new KindMembers(kind, caps[kind], dictionaries, (record) => this.fresh.push(record));
    this.names = kindOf('names');
    this.items = kindOf('items');
    this.terms = kindOf('terms');
    this.payments = kindOf('payments');
    this.coupons = kindOf('coupons');
    this.searches = kindOf('searches');
    for (let at = 0; at + RECORD_BYTES <= stored.length; at += RECORD_BYTES) {
      const kind = MEMBER_KINDS[stored[at] ?? 0];
      if (kind !== undefined) this[kind].load(stored, at + 1);
    }
  }

  get size(): number {
    return MEMBER_KINDS.reduce((size, kind) => size + this[kind].size, 0);
  }

  takeFresh(): Buffer | undefined {
    return this.fresh.length === 0 ? undefined : Buffer.concat(this.fresh.splice(0));
  }
}

/** Those of one kind. */
class KindMembers {
  private readonly kind: MemberKind;
  private readonly cap: number;
  private readonly dictionaries: Dictionaries;
  private readonly note: (record: Buffer) => void;
  private readonly hashes = new HashSet();
  /** By number, what was found out. */
  private verdicts = new Uint8Array(FIRST_VERDICTS);

  constructor(kind: MemberKind, cap: number, dictionaries: Dictionaries, note: (record: Buffer) => void) {
    this.kind = kind;
    this.cap = cap;
    this.dictionaries = dictionaries;
    this.note = note;
  }

  get size(): number {
    return this.hashes.size;
  }

  load(stored: Buffer, at: number): void {
    this.hashes.add(stored.readInt32LE(at), stored.readInt32LE(at + 4));
  }

  /** Does it count as itself? */
  admits(number: number): boolean {
    const known = this.verdicts[number] ?? UNKNOWN;
    if (known !== UNKNOWN) return known === ADMITTED;
    const isAdmitted = this.admit(this.dictionaries.memberText(this.kind, number));
    if (number >= this.verdicts.length) this.grow(number);
    this.verdicts[number] = isAdmitted ? ADMITTED : BEYOND;
    return isAdmitted;
  }

  private admit(text: string): boolean {
    if (text === OTHER) return true;
    const digest = hash('sha256', text, 'buffer');
    const [a, b] = [digest.readInt32LE(0), digest.readInt32LE(4)];
    if (this.hashes.has(a, b)) return true;
    if (this.hashes.size >= this.cap) return false;
    this.hashes.add(a, b);
    const record = Buffer.alloc(RECORD_BYTES);
    record[0] = MEMBER_KINDS.indexOf(this.kind);
    digest.copy(record, 1, 0, RECORD_BYTES - 1);
    this.note(record);
    return true;
  }

  private grow(number: number): void {
    let size = this.verdicts.length * 2;
    while (size <= number) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.verdicts);
    this.verdicts = larger;
  }
}

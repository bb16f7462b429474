import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Writes } from '../../metrics/writes.ts';
import { FlagColumn, IdColumn, NumberColumn } from '../columns/column.ts';
import { bucketedFamily, type Plans } from '../state/bucket-plans.ts';
import { OpenBuckets } from '../state/bucketed-state.ts';
import { bucketOf, oldestAlive } from '../state/buckets.ts';
import { type Bonds, decodeKnown, encodeKnown, type KnownUser, NO_BONDS } from './known-user.ts';
import { Placement } from './placement.ts';

/** The moment at which their newest session began is known; the unit changes something; it is known what brought the user last. */
const [KNOWN, CHANGED, TOUCHED] = [1, 2, 4];

/**
 * What is known of a lane's users for longer than their visits. What lies where, by number:
 * - `began`: lane time at which the newest session began
 * - `keptMs`: lane time at the newest of all that is known of them, by which it lies in a bucket and goes: a session may go on for months
 * - `broughtBy`, `broughtMs`: what brought the user last, as a combination of which only the dimensions about that have values, and when
 * - `bonds`: who else they are; most are nobody else
 * - `importIds`: of whom nothing was known but what an import has brought: which one
 * - `flags`: which of these there are; `knownIn`: the bucket in which the store has their record
 */
export class KnownUsers {
  private readonly began = new NumberColumn();
  private readonly keptMs = new NumberColumn();
  private readonly broughtBy = new IdColumn();
  private readonly broughtMs = new NumberColumn();
  private readonly bonds = new Map<number, Bonds>();
  private readonly importIds = new Map<number, string>();
  private readonly flags = new FlagColumn();
  private readonly knownIn: Placement;
  private readonly changed: number[] = [];
  private readonly dictionaries: Dictionaries;
  private readonly plans: Plans;

  constructor(dictionaries: Dictionaries, plans: Plans) {
    this.dictionaries = dictionaries;
    this.plans = plans;
    this.knownIn = new Placement(dictionaries.users, '');
  }

  /** Takes over what was read. */
  load(user: number, text: string, bucket: number): void {
    const fromMs = bucket * this.plans.known.widthMs;
    const { beganMs, touch, bonds, importId } = decodeKnown(text, fromMs);
    if (importId !== undefined) this.importIds.set(user, importId);
    this.keptMs.set(user, fromMs);
    if (beganMs !== undefined) {
      this.began.set(user, beganMs);
      this.flags.add(user, KNOWN);
    }
    if (bonds !== undefined) this.bonds.set(user, bonds);
    if (touch !== undefined) {
      this.broughtBy.set(user, this.dictionaries.values.ofTexts(touch.values));
      this.broughtMs.set(user, touch.atMs);
      this.flags.add(user, TOUCHED);
    }
    this.knownIn.set(user, bucket);
  }

  /** What the store would not find any more is not known here either. */
  expire(user: number, nowMs: number): void {
    this.expireInto(user, nowMs);
    const { known } = this.plans;
    if (!this.isKnown(user) || bucketOf(known, this.keptMs.at(user)) >= oldestAlive(known, nowMs)) return;
    this.flags.remove(user, KNOWN | TOUCHED);
    this.bonds.delete(user);
    this.importIds.delete(user);
  }

  /** A guest who goes on and on as one would name the user for longer than these are known, and an erasure of the user not find them. */
  private expireInto(user: number, nowMs: number): void {
    const bonds = this.bonds.get(user);
    if (bonds?.into === undefined || nowMs - bonds.into.atMs <= this.plans.known.lifeMs) return;
    this.bonds.set(user, { ...bonds, into: undefined, hasReturned: false, gone: [] });
    this.note(user);
  }

  /** Is anything known of the user? */
  isKnown(user: number): boolean {
    return this.flags.has(user, KNOWN | TOUCHED) || this.bonds.has(user);
  }

  /** Lane time at which the newest session began. */
  beganMs(user: number): number | undefined {
    return this.flags.has(user, KNOWN) ? this.began.at(user) : undefined;
  }

  setBegan(user: number, beganMs: number): void {
    this.keep(user, beganMs);
    this.began.set(user, beganMs);
    this.flags.add(user, KNOWN);
    this.importIds.delete(user);
    this.note(user);
  }

  /** What brought the user last, if that is not longer ago; NO_VALUE where nothing did. */
  lastTouch(user: number, sinceMs: number): number {
    return this.flags.has(user, TOUCHED) && this.broughtMs.at(user) >= sinceMs ? this.broughtBy.at(user) : NO_VALUE;
  }

  /** When what brought the user last did. */
  touchedMs(user: number): number {
    return this.broughtMs.at(user);
  }

  setTouch(user: number, touch: number, atMs: number): void {
    this.keep(user, atMs);
    this.broughtBy.set(user, touch);
    this.broughtMs.set(user, atMs);
    this.flags.add(user, TOUCHED);
    this.importIds.delete(user);
    this.note(user);
  }

  /** Takes in what an import knows of the user; what is known here and newer stays. */
  putKnown(user: number, { beganMs, touch }: KnownUser, importId: string): void {
    const isNews = !this.flags.has(user, KNOWN | TOUCHED);
    if (beganMs !== undefined && (this.beganMs(user) ?? Number.NEGATIVE_INFINITY) < beganMs)
      this.setBegan(user, beganMs);
    if (touch !== undefined && this.lastTouch(user, touch.atMs) === NO_VALUE)
      this.setTouch(user, this.dictionaries.values.ofTexts(touch.values), touch.atMs);
    if (isNews) this.importIds.set(user, importId);
  }

  /** The import is taken back: who was known by it alone no longer is; who else the user is stays. */
  forget(user: number, importId: string): void {
    if (this.importIds.get(user) !== importId) return;
    this.importIds.delete(user);
    this.flags.remove(user, KNOWN | TOUCHED);
    this.note(user);
  }

  bondsOf(user: number): Bonds {
    return this.bonds.get(user) ?? NO_BONDS;
  }

  setBonds(user: number, bonds: Bonds, nowMs: number): void {
    this.keep(user, nowMs);
    this.bonds.set(user, bonds);
    this.note(user);
  }

  /** Is anybody of the lane somebody else, as far as its owner knows? */
  get hasBonds(): boolean {
    return this.bonds.size > 0;
  }

  save(writes: Writes, dimensions: string, toMs: number): void {
    const into = new OpenBuckets(writes, bucketedFamily('known', this.plans), dimensions, toMs);
    for (const user of this.changed) {
      this.saveOne(user, into);
      this.flags.remove(user, CHANGED);
    }
    this.changed.length = 0;
  }

  private saveOne(user: number, into: OpenBuckets): void {
    if (!this.isKnown(user)) {
      this.knownIn.remove(user, into);
      return;
    }
    const keptMs = this.keptMs.at(user);
    const changes = this.knownIn.move(user, keptMs, into);
    if (changes === undefined) return;
    const { values } = this.dictionaries;
    const touch = this.flags.has(user, TOUCHED)
      ? { atMs: this.broughtMs.at(user), values: values.textsOf(this.broughtBy.at(user)) }
      : undefined;
    const known = {
      beganMs: this.beganMs(user),
      touch,
      bonds: this.bonds.get(user),
      importId: this.importIds.get(user),
    };
    changes.texts.text(encodeKnown(known, into.beginOf(keptMs)));
    changes.end();
  }

  /** To be called before something is known that was not. */
  private keep(user: number, ms: number): void {
    this.keptMs.set(user, this.isKnown(user) ? Math.max(this.keptMs.at(user), ms) : ms);
  }

  private note(user: number): void {
    if (!this.flags.has(user, CHANGED)) this.changed.push(user);
    this.flags.add(user, CHANGED);
  }
}

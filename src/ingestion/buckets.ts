/** Lane time in buckets: what is older than `lifeMs` lies in buckets that can be dropped whole. */
export interface BucketPlan {
  readonly widthMs: number;
  readonly lifeMs: number;
}

export function bucketOf(plan: BucketPlan, timeMs: number): number {
  return Math.floor(timeMs / plan.widthMs);
}

/** Buckets that may hold something alive when the lane stands at timeMs, newest first. */
export function bucketsAlive(plan: BucketPlan, timeMs: number): number[] {
  const buckets: number[] = [];
  for (let bucket = bucketOf(plan, timeMs); bucket >= bucketOf(plan, timeMs - plan.lifeMs); bucket--)
    buckets.push(bucket);
  return buckets;
}

/** Buckets that held something alive at fromMs and hold nothing alive at toMs. */
export function bucketsDead(plan: BucketPlan, fromMs: number, toMs: number): number[] {
  const oldest = bucketOf(plan, toMs - plan.lifeMs);
  return bucketsAlive(plan, fromMs).filter((bucket) => bucket < oldest);
}

/** Does the bucket of this moment hold nothing alive when the lane stands at nowMs? */
export function isDead(plan: BucketPlan, timeMs: number, nowMs: number): boolean {
  return bucketOf(plan, timeMs) < bucketOf(plan, nowMs - plan.lifeMs);
}

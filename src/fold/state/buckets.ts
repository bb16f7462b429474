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
  for (let bucket = bucketOf(plan, timeMs); bucket >= oldestAlive(plan, timeMs); bucket--) buckets.push(bucket);
  return buckets;
}

/** Buckets that held something alive at fromMs and hold nothing alive at toMs. */
export function bucketsDead(plan: BucketPlan, fromMs: number, toMs: number): number[] {
  const oldest = oldestAlive(plan, toMs);
  return bucketsAlive(plan, fromMs).filter((bucket) => bucket < oldest);
}

/** Buckets before this one hold nothing alive when the lane stands at nowMs. */
export function oldestAlive(plan: BucketPlan, nowMs: number): number {
  return bucketOf(plan, nowMs - plan.lifeMs);
}

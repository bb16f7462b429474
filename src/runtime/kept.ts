/** What became of something that is to be kept, of which there may be so many. */
export type Kept = 'kept' | 'full';

import type { SectionProps } from '../section.ts';
import { Reconciliations } from './reconciliations.tsx';
import { Recount } from './recount.tsx';

/** Whether the numbers are right: recounted, and against the shop's own books. */
export function Accuracy(props: SectionProps) {
  return (
    <>
      <Recount {...props} />
      <Reconciliations {...props} />
    </>
  );
}

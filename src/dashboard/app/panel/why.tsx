import type { Problem } from '../api/problem.ts';

/** Why something can't be had: in the reader's language, and beside it what the server says where that is all there is. */
export function Why({ problem: { message, exactly, detail } }: { readonly problem: Problem }) {
  return (
    <>
      {message}
      {exactly && ` ${exactly}`}
      {detail && (
        <>
          {' '}
          <span lang="en" class="quiet">
            ({detail})
          </span>
        </>
      )}
    </>
  );
}

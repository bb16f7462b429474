import type { Problem } from '../api/problem.ts';

/** Why something can't be had: in the reader's language, and beside it what the server says. */
export function Why({ problem: { message, detail } }: { readonly problem: Problem }) {
  return (
    <>
      {message}
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

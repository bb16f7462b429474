import { useState } from 'preact/hooks';
import { said } from '../../words/said.ts';

interface CopyButtonProps {
  /** Of what is copied. */
  readonly name: string;
  readonly text: string;
}

export function CopyButton({ name, text }: CopyButtonProps) {
  const [says, setSays] = useState(said('Copy'));
  return (
    <button
      type="button"
      aria-label={`${says} ${name}`}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setSays(said('Copied')),
          () => setSays(said('Select it and copy')),
        );
      }}
    >
      {says}
    </button>
  );
}

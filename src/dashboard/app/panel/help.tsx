import { useId } from 'preact/hooks';
import { definitionOf } from '../text/definitions.ts';
import { said } from '../words/said.ts';

interface HelpProps {
  /** Of the number, in the page's terms and in words. */
  readonly name: string;
  readonly label: string;
}

/** A question mark that says what a number counts; nothing where there is nothing to say. */
export function Help({ name, label }: HelpProps) {
  const id = useId();
  const definition = definitionOf(name);
  if (definition === undefined) return null;
  return (
    <span class="help">
      <button type="button" popovertarget={id} aria-label={said('What is “{label}”?', { label })}>
        ?
      </button>
      <span id={id} popover="auto" class="definition">
        <b>{label}</b>
        {definition}
      </span>
    </span>
  );
}

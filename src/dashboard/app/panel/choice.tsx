import { useId } from 'preact/hooks';

interface ChoiceProps<T extends string> {
  /** What is chosen here; read out, and shown beside it where the choice is labelled. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  /** How an option is called, where that is not its own name. */
  readonly called?: (option: T) => string;
  readonly onChoose: (option: T) => void;
  readonly id?: string;
  /** By which the page's styles know it. */
  readonly name?: string;
}

/** One of several, from a list that opens. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, value, options, called = String, onChoose, id, name: className } = props;
  const choose = (name: string): void => {
    const option = options.find((one) => one === name);
    if (option !== undefined) onChoose(option);
  };
  return (
    <select
      id={id}
      class={className}
      aria-label={label}
      value={value}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {called(option)}
        </option>
      ))}
    </select>
  );
}

export function LabelledChoice<T extends string>(props: ChoiceProps<T>) {
  const id = useId();
  return (
    <label for={id}>
      {props.label}
      <Choice {...props} id={id} />
    </label>
  );
}

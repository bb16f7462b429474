/** What was found out about one thing, and what to do where it is not as it should be. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly text: string;
}

export const ok = (what: string, text: string): Finding => ({ what, state: 'ok', text });
export const warning = (what: string, text: string): Finding => ({ what, state: 'warning', text });
export const problem = (what: string, text: string): Finding => ({ what, state: 'problem', text });

/** The warnings and problems, or that all is well. */
export function orOk(what: string, good: string, ...found: readonly (Finding | false)[]): Finding[] {
  const wrong = found.filter((one) => one !== false);
  return wrong.length > 0 ? wrong : [ok(what, good)];
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;

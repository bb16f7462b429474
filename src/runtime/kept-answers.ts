/** An answer that a repeat gets as well. */
export interface KeptAnswer {
  /** Of the request that it answers. */
  readonly fingerprint: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export type AnswerClaim =
  | { readonly outcome: 'begun' }
  | { readonly outcome: 'running' }
  | { readonly outcome: 'done'; readonly answer: KeptAnswer };

/** Answers by the name of their request, for a day; which of two processes answers first is decided here. */
export interface KeptAnswers {
  claim(name: string, token: string): Promise<AnswerClaim>;
  /** Nobody else is answered by it where there is none. */
  end(name: string, token: string, answer: KeptAnswer | undefined): Promise<void>;
}

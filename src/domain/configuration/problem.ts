/** One thing that is wrong: where (`serviceLevel.target`, empty for the whole), and what, in one sentence. */
export interface Problem {
  readonly path: string;
  readonly problem: string;
}

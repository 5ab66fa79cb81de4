/** One measured figure and what it is held against. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What must be reached: at least this for rates, at most this for times and sizes. Null when nothing is promised. */
  readonly floor: number | null;
  /** How this compares with the thing beside it (a database server, a bare library); null when there is none. */
  readonly ratio: number | null;
}

export interface Bench {
  readonly name: string;
  run(): Promise<readonly Figure[]>;
}

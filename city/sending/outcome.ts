/** What became of one message. `refused`: the server understood and said no; sending again would not help. */
export type Outcome =
  | { kind: 'taken'; acknowledgement: string }
  | { kind: 'refused'; acknowledgement: string }
  | { kind: 'try-again'; why: string };

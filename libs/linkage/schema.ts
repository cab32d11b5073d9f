/** How the values of a field are folded and compared. The levels of each kind stand in `compare/`. */
export type FieldKind =
  | 'name' // one Latin name: "marianne"
  | 'full-name' // several Latin words: "sir john smith"
  | 'chinese-name'
  | 'date'
  | 'identifier' // numbers of documents, insurance, cards
  | 'phone'
  | 'address'
  | 'text' // a few words: place, occupation
  | 'code' // post code, house number: a shared beginning means something
  | 'category' // sex, state: equal or not
  | 'number'; // a measured quantity

/** Check-digit rule of an identifier. A number that fails its own rule was mistyped, so its neighbours are likely the same person's. */
export type CheckRule = 'mod11-2' | 'luhn';

export type FieldSpec = {
  /** Key of the value in a record, and heading of the column in a file. */
  name: string;
  kind: FieldKind;
  check?: CheckRule;
  /** Weigh agreement on a rare value higher than on a common one. Default: all kinds but identifier, phone and number. */
  termFrequency?: boolean;
  /** Other field whose value may have been written here (given name and surname). Both fields must name each other. */
  swapWith?: string;
  /** Sign between several values in one cell of a file. Records given as objects may hold arrays instead. */
  separator?: string;
  /** Levels (codes such as `differs`) that forbid an automatic link whatever the other fields say. */
  veto?: readonly string[];
  /** Words for people; the name of the field where absent. */
  label?: { zh: string; en: string };
};

/** What a blocking key takes of a value. `soundex` gives the first reading for Chinese names. */
export type Take =
  | 'all'
  | 'start' // first 4 units (first 2 characters of Han text)
  | 'initial'
  | 'end' // last 4 units
  | 'soundex'
  | 'words' // each word alone: a record has several codes
  | 'year'
  | 'month-day'
  | 'sorted' // with `also`: both values in sorted order, so swapped fields meet
  | 'half-first'
  | 'half-last';

export type KeyPart = { field: string; take: Take; also?: string };

/** Records that agree on all parts are compared. A record with an empty part is not in the key. */
export type BlockingKey = { parts: readonly KeyPart[] };

export type Schema = {
  fields: readonly FieldSpec[];
  /** Absent: chosen from the data by cost and yield. */
  keys?: readonly BlockingKey[];
};

/** A value may be missing, single, or several alternatives (phones, former names): the best agreeing pair counts. */
export type FieldValue = string | readonly string[] | null | undefined;
export type LinkageRecord = Readonly<Record<string, FieldValue>>;

/** Name of a key in reports: `surname.soundex + birth_date.year`. */
export function keyName(key: BlockingKey): string {
  return key.parts
    .map(
      (part) => `${part.also ? `${part.field}|${part.also}` : part.field}${part.take === 'all' ? '' : `.${part.take}`}`,
    )
    .join(' + ');
}

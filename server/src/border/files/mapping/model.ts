/** A mapping is a JSON document: which columns of a table become which elements of which facts. See README.md. */
export type Mapping = {
  /** Names the kind of translation: 'csv:<id>'. */
  id: string;
  version: number;
  zh: string;
  en: string;
  delimiter?: string;
  charset?: 'utf-8' | 'gb18030';
  /** The sender's own id of a row; '' stands for the content. */
  controlId?: Expression;
  /** When the sender said it (ISO or in `formats`): orders versions of a fact. */
  stamp: Expression;
  person?: { authority?: string; localId: Expression };
  /** Columns that are known and have no place on purpose (serial numbers, print times). */
  ignored?: string[];
  facts: FactMapping[];
};

export type FactMapping = {
  resourceType: string;
  /** Parts of the business key; a Patient of the row's person may leave it out. */
  key?: Expression[];
  merge?: 'elements' | 'replace';
  /** A fact about nobody: Organization, Practitioner, Location. */
  nobody?: boolean;
  /** Only when these columns hold something. */
  when?: string[];
  /** Element path ('code.coding[0].code', 'value[x]') → where its value comes from. */
  elements: Record<string, Expression>;
};

export type Cast =
  | 'text'
  | 'date'
  | 'dateTime'
  | 'number'
  | 'boolean'
  | 'unit'
  | 'coding'
  | 'identifier'
  | 'resident-number'
  /** Quantity when the cell is a number (with a comparator), else text: for `value[x]`. */
  | 'result';

export type Expression =
  | { constant: unknown }
  | {
      column: string;
      as?: Cast;
      required?: boolean;
      /** 'yyyy-MM-dd', 'yyyy/M/d H:mm', 'yyyyMMddHHmmss', 'excel'. */
      formats?: string[];
      codes?: Record<string, string>;
      /** For `coding` and `identifier`: a URI, or 'local:<name>' for a list of the institution's own. */
      system?: string;
      /** For `coding`: column with the name. */
      display?: string;
      /** For `result`: column with the unit. */
      unit?: string;
    }
  | { concat: Expression[]; separator?: string }
  | { first: Expression[] }
  | { reference: string; key?: Expression[] };

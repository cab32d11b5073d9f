import type { BorderIssue } from '../../fact.ts';
import type { Charset } from './charset.ts';

/** MSH-1 and MSH-2. `truncation` (2.7 and later) is the fifth encoding character, usually '#'. */
export type Delimiters = {
  field: string;
  component: string;
  repetition: string;
  escape: string;
  subcomponent: string;
  truncation?: string;
  /** Whether the escape and the subcomponent mark stand anywhere behind MSH-2: most messages need neither, and reading is quicker without. */
  escapes: boolean;
  subcomponents: boolean;
};

/** One line of a message. Fields are split when somebody first asks: most segments of a big message are looked at once. */
export class Segment {
  readonly name: string;
  readonly text: string;
  readonly #separator: string;
  #fields: string[] | undefined;

  constructor(name: string, text: string, separator: string) {
    this.name = name;
    this.text = text;
    this.#separator = separator;
  }

  /** `fields[n]` is the raw text of field n. In MSH, FHS and BHS field 1 is the separator itself (HL7 v2.5.1, 2.5.4). */
  get fields(): readonly string[] {
    if (!this.#fields) {
      const parts = this.text.split(this.#separator);
      if (this.name === 'MSH' || this.name === 'BHS' || this.name === 'FHS') parts.splice(1, 0, this.#separator);
      this.#fields = parts;
    }
    return this.#fields;
  }
}

/** A message taken apart into segments; nothing is unescaped yet. `warnings` are what the parser had to forgive. */
export type Message = {
  delimiters: Delimiters;
  segments: readonly Segment[];
  charset: Charset;
  warnings: BorderIssue[];
};

/** What MSH says about the message, unescaped and trimmed; '' where it says nothing. */
export type Header = {
  sendingApplication: string;
  sendingFacility: string;
  receivingApplication: string;
  receivingFacility: string;
  time: string;
  type: string;
  event: string;
  controlId: string;
  processingId: string;
  version: string;
  acceptAcknowledgement: string;
  applicationAcknowledgement: string;
};

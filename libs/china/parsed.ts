/**
 * What a parser of this room answers: a value, or a named refusal in both languages.
 * The refusal never repeats the input, because it is a personal number and the text may reach a log.
 */
export type Parsed<Value, Reason extends string> = { ok: true; value: Value } | Refused<Reason>;

/** A refusal: `reason` is stable and machine-readable, `zh` and `en` are for the person at the counter. */
export type Refused<Reason extends string> = { ok: false; reason: Reason; zh: string; en: string };

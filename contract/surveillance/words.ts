/** A name or a sentence in both languages. */
export type Words = { zh: string; en: string };

/** One step of closeness. Levels of a comparator run from nearest (exact) to `differs`; a missing value is no level. */
export type Level = {
  code: string;
  /** Share of true pairs expected here before EM has seen data: starting point only. */
  start: number;
  /** Close enough to count as agreement when dependence between fields is measured. */
  agrees: boolean;
  /** 0 to 1: how far rarity of the value moves the weight. Full for exact; half for near levels, whose written form is itself uncertain. */
  rarity: number;
  /** Weight is never above this (bits): knowledge no data can teach. */
  ceiling?: number;
  /** Most of the pairs of one home (siblings, twins) that may stand here, where that is more than for near levels at large. */
  atHome?: number;
  /** The level says nothing about one entity or strangers, as a missing value; but it speaks for twins by so many bits. */
  silent?: { twins: number };
};

/** Compares two folded, non-empty, different values. Symmetric and pure. */
export type Comparator = {
  levels: readonly Level[];
  /** Folded form; '' means missing (blank, "unknown", a number of nothing but zeros). */
  fold: (raw: string) => string;
  /** Index into `levels`, 1 or more: equality of folded values is level 0 (but see `equal`) and never asked. */
  compare: (a: string, b: string) => number;
  /** Level of two equal folded values where that is not always 0: an equal placeholder says less than an equal value. */
  equal?: (folded: string) => number;
  /** Form of the folded value that blocking reads, where the folded value carries more than that. */
  base?: (folded: string) => string;
  /** Whether a value proves itself (a check digit that fits): two such values in two groups speak against joining them. */
  proves?: (folded: string) => boolean;
  /** Codes shared by values that sound alike, where Soundex does not serve. */
  sounds?: (folded: string) => string[];
};

export function level(code: string, start: number, agrees: boolean, rarity: number): Level {
  return { code, start, agrees, rarity };
}

const BLANK = new Set([
  '',
  'na',
  'n/a',
  'nan',
  'null',
  'none',
  'nil',
  'unknown',
  'unk',
  '-',
  '--',
  '?',
  '.',
  '无',
  '不详',
  '未知',
  '空',
]);

/** True for the usual ways of writing "no value". */
export function isBlank(raw: string): boolean {
  return BLANK.has(raw.length > 8 ? raw : raw.trim().toLowerCase()) || raw.trim() === '';
}

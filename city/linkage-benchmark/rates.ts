/** How often a record is wrong, each kind drawn apart; the four ways in which a number is wrong exclude each other. */
export type BenchmarkRates = {
  /** No number of any document. */
  missingNumber: number;
  /** One digit of a resident number wrong; in half of them the check digit was made to fit. */
  mistypedNumber: number;
  /** The number of a parent, another member of the household, or whoever came to the desk. */
  parentsNumber: number;
  /** Written otherwise: homophone, look-alike, variant, dot, dropped character. */
  nameOtherwise: number;
  wrongBirthDate: number;
  /** An earlier telephone, that of a member of the household, or one never seen again. */
  otherPhone: number;
  /** An earlier home, a relative's, or one never seen again. */
  otherAddress: number;
  /** 15-digit number of those born before 1985; expired passport of a foreigner. */
  staleDocument: number;
  /** Of the names written otherwise: a plainly other character, which no table of likenesses explains. */
  strangeCharacter: number;
  wrongSex: number;
  /** City or city and district left out. */
  shortAddress: number;
};

/** The default of the benchmark. The first seven are those of issue "One resident, one index, one code"; the rest are ours. */
export const DEFAULT_RATES: BenchmarkRates = {
  missingNumber: 0.12,
  mistypedNumber: 0.02,
  parentsNumber: 0.02,
  nameOtherwise: 0.08,
  wrongBirthDate: 0.05,
  otherPhone: 0.25,
  otherAddress: 0.2,
  staleDocument: 0.03,
  strangeCharacter: 0.05,
  wrongSex: 0.002,
  shortAddress: 0.1,
};

// Lower case, no accents, half width, single spaces: what two strings must share to match without :exact.

const ASCII = /^[\u0020-\u007e]*$/;
const SPACES = /\s+/g;
const DOUBLE = / {2}|^ | $/;

/** The form of a string that searches compare ("Zoé  MÜLLER" -> "zoe muller", "ＡＢ１" -> "ab1"; Han is left alone). */
export function fold(s: string): string {
  if (ASCII.test(s)) {
    const lower = s.toLowerCase();
    return DOUBLE.test(lower) ? lower.replace(SPACES, ' ').trim() : lower;
  }
  const bare = s
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .normalize('NFC');
  return bare.toLowerCase().replace(SPACES, ' ').trim();
}

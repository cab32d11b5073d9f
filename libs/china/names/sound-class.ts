/** Syllables in hu- as most of Sichuan and Chongqing say them. */
const HU: ReadonlyMap<string, string> = new Map([
  ...([
    ['hu', 'fu'],
    ['hua', 'fa'],
    ['huai', 'fai'],
    ['huan', 'fan'],
  ] as const),
  ...([
    ['huang', 'fang'],
    ['hui', 'fei'],
    ['hun', 'fen'],
  ] as const),
]);

/**
 * Syllables that speakers and pinyin keyboards mix up, mapped to one class: flat and curled tongue (zh/z, ch/c, sh/s),
 * n/l, f/hu, -ing/-in, -eng/-en. These are the mergers of Southwestern Mandarin (Chongqing, Sichuan) and the usual
 * "fuzzy sounds" of the keyboards. Two syllables of one class are similar, not equal.
 */
export function soundClass(syllable: string): string {
  return (HU.get(syllable) ?? syllable)
    .replace(/^([zcs])h/, '$1')
    .replace(/^n(?=[aeiouv])/, 'l')
    .replace(/([ie])ng$/, '$1n');
}

const CODES = '01230120022455012623010202'; // a to z; 0 = vowel or silent

const KEPT = 50_000;
const kept = new Map<string, string>();

/** American Soundex (US National Archives) of the Latin letters of a word; the word itself where it has none (Chinese). */
export function soundex(word: string): string {
  let code = kept.get(word);
  if (code === undefined) {
    code = encode(word);
    if (kept.size >= KEPT) kept.clear();
    kept.set(word, code);
  }
  return code;
}

function encode(word: string): string {
  let out = '';
  let before = '';
  for (const letter of word.normalize('NFD').toLowerCase()) {
    const at = letter.charCodeAt(0) - 97;
    if (at < 0 || at > 25) continue;
    const code = CODES[at]!;
    if (out === '') out = letter;
    else if (code !== '0' && code !== before) out += code;
    // h and w do not separate equal codes, vowels do.
    if (letter !== 'h' && letter !== 'w') before = code;
    if (out.length === 4) return out;
  }
  return out === '' ? word : out.padEnd(4, '0');
}

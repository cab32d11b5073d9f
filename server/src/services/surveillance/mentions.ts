/**
 * Whether a clinical text says that something is there, now, in this person. The way of NegEx (W. Chapman et al. 2001, J Biomed Inform 34:301) for
 * Chinese notes and some English: words before a mention deny it as far as their clause reaches (否认 and 既往史 as far as the sentence), words after it
 * within the clause. Doubt (不除外, 待排) is no denial. When in doubt a denial wins: a missed mention costs a question that was not asked.
 */
const sentences = /[。；;!！?？\n\r]+|\.\s+/;
/** Words that contain a denying word and deny nothing. */
const harmless =
  /无明显诱因|无诱因|无缓解|无好转|未愈|未见好转|[不未](能|可|完全)*(排除|除外)|待(排除?|除外|查)|非典型|不典型|既往(身?体健康?|健康)|cannot (be )?(rule[d]? out|exclude[d]?)|not (be )?(ruled out|excluded)/gi;
const deniesSentence = /否认|既往病?史|家族史|个人史|接种史|过敏史|den(y|ies|ied)\b|(family|past|previous) history/i;
const deniesClause =
  /无|未|没有|不考虑|不支持|不符合|不像|排除|除外|非|陈旧|既往|曾|预防|接种|接触|警示教育|\b(no|not|without|excluded?|rules? out|ruled out|negative for|history of|hx of|exposure to|vaccin)/i;
const deniedAfter =
  /^[^，,：:]*?(史|疫苗|菌苗|接种|治愈|痊愈|阴性|[（(]\s*[-—－]\s*[)）]|排除|除外|不支持|依据不足|证据不足|未|不考虑|可能性?(极|很|较)?(小|低)|可能性?不大|筛查|宣教|防治|预防|专科|门诊|接触|negative|vaccin|ruled out|excluded|unlikely)/i;

const compiled = new WeakMap<RegExp, RegExp>();
function everyOf(pattern: RegExp): RegExp {
  const known = compiled.get(pattern) ?? new RegExp(pattern.source, 'gi');
  compiled.set(pattern, known);
  return known;
}

/** The first mention of `pattern` that is affirmed, in the text's own words; null when there is none. Pure. */
export function affirmed(text: string, pattern: RegExp): string | null {
  const every = everyOf(pattern);
  // Nearly every text mentions nothing: that is seen before it is taken apart.
  if (text.search(every) < 0) return null;
  for (const sentence of text.split(sentences)) {
    if (sentence.search(every) < 0) continue;
    // Masked by as many blanks, so that places stay what they are.
    const said = sentence.replaceAll(harmless, (words) => ' '.repeat(words.length));
    for (const { index, 0: word } of sentence.matchAll(every)) {
      if (word === '') continue;
      const before = said.slice(0, index);
      const clause = before.slice(Math.max(...[...'，,'].map((mark) => before.lastIndexOf(mark))) + 1);
      if (deniesSentence.test(before) || deniesClause.test(clause)) continue;
      if (deniedAfter.test(said.slice(index + word.length))) continue;
      return word;
    }
  }
  return null;
}

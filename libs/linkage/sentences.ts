/** Sentences for people, by level. `{field}` is the label of the field. Data only: more languages are further columns. */
export type Sentence = { zh: string; en: string };

export const LEVEL_SENTENCES: Readonly<Record<string, Sentence>> = {
  exact: { zh: '{field}相同', en: '{field} is the same' },
  variant: { zh: '{field}只是异体或繁简写法不同', en: '{field} differs only by variant characters' },
  'same-sound': { zh: '{field}同音不同字', en: '{field} sounds the same, written with other characters' },
  'one-near-character': {
    zh: '{field}有一字音近或形近',
    en: '{field} differs by one character of like sound or shape',
  },
  'one-character': { zh: '{field}有一字不同', en: '{field} differs by one character' },
  'not-yet-named': {
    zh: '{field}一方为新生儿暂用名（某某之子/女），不作姓名证据',
    en: '{field} of one is the provisional name of a newborn and says little',
  },
  'one-of-several-births': {
    zh: '{field}一方为多胞胎之一的暂用名，须由人核对',
    en: '{field} of one is provisional and of a multiple birth: a person should look',
  },
  'order-or-missing': {
    zh: '{field}字序颠倒或少一字',
    en: '{field} has its characters in other order, or one missing',
  },
  'one-edit': { zh: '{field}差一个字母', en: '{field} differs by one letter' },
  similar: { zh: '{field}相近', en: '{field} is similar' },
  'short-form': { zh: '{field}一方是简写', en: '{field} is a short form of the other' },
  'sounds-alike': { zh: '{field}读音相近', en: '{field} sounds alike' },
  swapped: { zh: '{field}与另一栏互换', en: '{field} stands in the other field' },
  'same-words': { zh: '{field}用词相同、次序不同', en: '{field} has the same words in other order' },
  'words-within': { zh: '{field}一方包含另一方', en: '{field} of one is contained in the other' },
  'most-words': { zh: '{field}大部分用词相同', en: '{field} shares most words' },
  'one-word': { zh: '{field}有一词相同', en: '{field} shares one word' },
  'one-slip': { zh: '{field}差一位或相邻两位颠倒', en: '{field} differs by one digit or an exchange of neighbours' },
  'two-slips': { zh: '{field}差两位', en: '{field} differs by two digits' },
  'both-valid-one-slip': {
    zh: '{field}两个号码均通过校验但相近',
    en: '{field}: both numbers are valid and close to each other',
  },
  'both-valid-same-stem': {
    zh: '{field}均有效，地区与出生日期相同而顺序码不同（常见于双胞胎）',
    en: '{field}: both valid, same area and birth date, other sequence (as with twins)',
  },
  'year-only': { zh: '{field}仅知年份，年份相同', en: '{field} is known to the year only and the year agrees' },
  'two-parts': { zh: '{field}年月日中有两项相同', en: '{field} agrees in two of year, month and day' },
  'same-year': { zh: '{field}年份相同', en: '{field} has the same year' },
  'near-year': { zh: '{field}年份相差一年', en: '{field} is one year apart' },
  'same-start': { zh: '{field}前几位相同', en: '{field} begins alike' },
  'same-end': { zh: '{field}后几位相同（区号有无之别）', en: '{field} is the same but for the area code' },
  near: { zh: '{field}相近', en: '{field} is near' },
  partly: { zh: '{field}部分相同', en: '{field} agrees in part' },
  half: { zh: '{field}约一半相同', en: '{field} agrees by about half' },
  roughly: { zh: '{field}大致相同', en: '{field} is roughly the same' },
  little: { zh: '{field}少量相同', en: '{field} has little in common' },
  differs: { zh: '{field}不同', en: '{field} differs' },
  missing: { zh: '{field}缺失，不计', en: '{field} is missing and does not count' },
};

export const PRIOR_SENTENCE: Sentence = {
  zh: '任取两条记录为同一对象的先验',
  en: 'Chance that any two records are one',
};
export const RARE_SENTENCE: Sentence = { zh: '{field}的取值少见', en: 'this value of {field} is rare' };
export const COMMON_SENTENCE: Sentence = { zh: '{field}的取值常见', en: 'this value of {field} is common' };
export const DEPENDENCE_SENTENCE: Sentence = {
  zh: '{field}与{other}常一同相同（如同住一户），不重复计算',
  en: '{field} and {other} often agree together (one household, one place) and are not counted twice',
};
export const RIVAL_SENTENCE: Sentence = {
  zh: '这些相同之处，同住家人或双胞胎之间也会有，扣除相应部分',
  en: 'People of one household, or twins, share this too: that part is taken off',
};

import { foldName } from './fold-name.ts';

/** Surnames of two characters in use or in the Hundred Family Surnames, folded, with their toneless reading. */
const COMPOUND: ReadonlyMap<string, string> = new Map(
  (
    '欧阳ouyang 司马sima 上官shangguan 司徒situ 诸葛zhuge 夏侯xiahou 皇甫huangfu 尉迟yuchi 公孙gongsun 慕容murong 令狐linghu 宇文yuwen ' +
    '长孙zhangsun 端木duanmu 东方dongfang 南宫nangong 独孤dugu 轩辕xuanyuan 万俟moqi 闻人wenren 淳于chunyu 单于chanyu 太史taishi 申屠shentu ' +
    '钟离zhongli 鲜于xianyu 澹台tantai 濮阳puyang 赫连helian 呼延huyan 拓跋tuoba 司空sikong 亓官qiguan 司寇sikou 闾丘lvqiu 乐正yuezheng ' +
    '公羊gongyang 公冶gongye 宗政zongzheng 太叔taishu 仲孙zhongsun 西门ximen 东郭dongguo 南门nanmen 百里baili 公西gongxi 漆雕qidiao ' +
    '梁丘liangqiu 左丘zuoqiu 谷梁guliang 段干duangan 第五diwu 羊舌yangshe 微生weisheng 巫马wuma 颛孙zhuansun 子车ziju 壤驷rangsi 公良gongliang ' +
    '夹谷jiagu 宰父zaifu 完颜wanyan 纳兰nalan 耶律yelv 贺兰helan 贺若heruo 达奚daxi 褚师chushi 即墨jimo 仲长zhongchang 公仪gongyi 公玉gongyu ' +
    '东里dongli 东宫donggong 叶赫yehe 那拉nala 富察fucha 佟佳tongjia 哥舒geshu 斛律hulv'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), entry.slice(2)]),
);

/**
 * Surnames whose reading is not the everyday one, or not one alone: families themselves differ (覃 qin or tan, 盖 ge or
 * gai), so the answer is a set, most usual first.
 */
const AS_SURNAME: ReadonlyMap<string, readonly string[]> = new Map(
  (
    '盖ge,gai 乐yue,le 覃qin,tan 单shan 解xie 仇qiu 查zha 曾zeng 区ou 朴piao,pu 折she,zhe 冼xian 洗xian,xi 缪miao,mou 隗wei,kui 翟zhai,di ' +
    '员yun 贠yun 召shao,zhao 柏bai,bo 种chong 句gou,ju 谌chen,shen 郇xun,huan 秘bi,mi 黑he,hei 牟mu,mou ' +
    '郗xi,chi 佴nai,er 祭zhai,ji 乜nie 角jue,jiao ' +
    '能nai,neng 都du 宓mi,fu 繁po,fan 行xing,hang 颉xie,jie 尉wei,yu 莘shen,xin 炅gui,jiong ' +
    '钭tou,dou ' +
    '藏zang,cang ' +
    '番pan,fan 蔚yu,wei'
  )
    .split(' ')
    .map((entry) => [entry[0]!, entry.slice(1).split(',')]),
);

/** Readings of a surname as the standard books give them; undefined: read it like any character. */
export function surnameOverrides(surname: string): readonly string[] | undefined {
  const compound = COMPOUND.get(surname);
  return compound === undefined ? AS_SURNAME.get(surname) : [compound];
}

/** A name in its parts. `surname` is empty for transliterated (dotted), Latin and unreadable names. */
export type NameParts = { surname: string; given: string; compound: boolean };

/**
 * Splits a Chinese name, folding it first. A known two-character surname wins when at least one character follows
 * (欧阳修); two characters alone are surname and given name (欧 阳). Dotted names, names of more than six characters and
 * those that do not begin with a Han character have no surname here: `{ surname: '', given: text }`.
 */
export function splitName(name: string): NameParts {
  const { text } = foldName(name);
  const characters = [...text];
  if (!/^\p{Script=Han}/u.test(text) || /[·\s]/u.test(text) || characters.length > 6) {
    return { surname: '', given: text, compound: false };
  }
  const two = characters.slice(0, 2).join('');
  if (characters.length >= 3 && COMPOUND.has(two)) {
    return { surname: two, given: characters.slice(2).join(''), compound: true };
  }
  return { surname: characters[0]!, given: characters.slice(1).join(''), compound: false };
}

/** Whether these two folded characters are a compound surname. */
export function isCompoundSurname(text: string): boolean {
  return COMPOUND.has(text);
}

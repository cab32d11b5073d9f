import { characterReadings, isCompoundSurname, lookAlikes, surnameForms } from '@hutong/china';
import type { Random } from '../random.ts';

export type NameVariant = 'homophone' | 'look-alike' | 'variant' | 'dropped-character' | 'dot';

/** Characters that typists choose among when they know only the sound: those in use in names, by toneless reading. */
const COMMON =
  '伟玮炜维薇卫为文雯闻纹军君俊骏钧均均华桦骅花建健剑舰荐平萍苹屏明铭鸣名敏闽丽莉利力立励历静靖婧晶菁净晶婷亭庭廷听玲灵凌陵铃岭琳林霖临燕艳雁彦妍颜言严炎阎闫红洪宏鸿弘虹强墙蔷志智至致治秀绣修英瑛莹盈颖影迎芳方房坊飞菲霏斐费宇雨语羽玉裕育郁浩皓昊好灏轩宣萱璇旋子梓紫孜泽则择涵函寒晗含怡宜仪依伊一义艺毅翊奕悦月越岳诗施思斯诺若欣新鑫心馨昕辛佳嘉家加珈晨辰宸陈沉成诚承程澄城瑞睿蕊锐杰洁捷节凯楷恺磊蕾垒雷勇永咏涌波博勃渤帆凡繁范辉晖慧惠会卉蕙琴勤芹钦秦兰岚蓝澜桂贵国果过光广清青卿晴生声胜升昇荣蓉容融溶云芸耘匀张章璋彰李里理黎刘流留柳杨阳扬洋黄皇凰赵照兆周洲舟徐许旭续孙逊马码朱珠诸竹胡湖虎护郭锅何和河荷禾高皋罗萝骆洛郑正政征梁良亮量谢解宋送松唐堂棠糖邓灯冯峰锋丰凤枫封曹草操彭朋鹏澎曾增肖萧小晓潇田甜天添董东冬懂潘盘袁元媛园源缘蔡才彩蒋江姜余于俞渔杜度肚叶夜魏苏素酥吕律旅丁定任仁韧卢芦鲁路姚尧遥沈申审钟忠中终崔翠谭潭谈坦陆录汪王旺望廖料辽石实时世士金锦今津韦惟贾甲夏霞侠付傅富福邹走熊雄白百柏孟梦蒙邱秋丘球侯后尹引薛雪学段断龙隆史使陶桃涛贺赫毛茂郝顾固古龚公功恭邵绍少万婉晚覃谈武舞吴戴代带莫墨沫孔空向象香项';

const bySound = new Map<string, string[]>();

function homophones(character: string): string[] {
  if (bySound.size === 0) {
    for (const one of new Set(COMMON)) {
      for (const sound of characterReadings(one)) {
        const list = bySound.get(sound);
        if (list) list.push(one);
        else bySound.set(sound, [one]);
      }
    }
  }
  return characterReadings(character)
    .flatMap((sound) => bySound.get(sound) ?? [])
    .filter((other) => other !== character);
}

/** Traditional and variant forms that older systems and people from Hong Kong and Taiwan write. */
const VARIANTS = new Map(
  [
    ...'张張刘劉陈陳杨楊赵趙吴吳孙孫马馬罗羅郑鄭谢謝韩韓许許邓鄧冯馮苏蘇蒋蔣叶葉谭譚陆陸钟鐘卢盧贾賈邹鄒龙龍贺賀顾顧龚龔邵邵万萬华華国國兰蘭云雲丽麗凤鳳伟偉军軍强強红紅晓曉梦夢颖穎凌淩涛濤杰傑建建业業东東飞飛宝寶贵貴荣榮庆慶兴興琼瓊艳艷静靜娇嬌莹瑩泽澤轩軒宇宇诺諾语語诗詩欢歡',
  ]
    .map((character, index, all) => [index % 2 === 0 ? character : '', all[index + 1] ?? ''] as const)
    .filter(([from, to]) => from !== '' && from !== to),
);

/** Another way the same name gets written, and which kind of mistake it is; null when the name offers none. */
export function varyName(random: Random, name: string): { name: string; kind: NameVariant } | null {
  if (name.includes('·')) return { name: name.replace('·', random.pick(['•', '.', '‧', '・', ''])), kind: 'dot' };
  const characters = [...name];
  if (characters.length < 2 || /[A-Za-z]/.test(name)) return null;
  const order: NameVariant[] = random.pick([
    ['homophone', 'look-alike', 'variant', 'dropped-character'],
    ['homophone', 'variant', 'look-alike', 'dropped-character'],
    ['look-alike', 'homophone', 'variant', 'dropped-character'],
    ['variant', 'homophone', 'look-alike', 'dropped-character'],
    ['dropped-character', 'homophone', 'variant', 'look-alike'],
  ]);
  for (const kind of order) {
    const written = write(random, characters, kind);
    if (written !== null && written !== name) return { name: written, kind };
  }
  return null;
}

function write(random: Random, characters: readonly string[], kind: NameVariant): string | null {
  if (kind === 'dropped-character') {
    if (characters.length < 3) return null;
    return characters.toSpliced(random.between(1, characters.length - 1), 1).join('');
  }
  const surname = isCompoundSurname(characters.slice(0, 2).join('')) ? 2 : 1;
  const start = random.below(characters.length);
  for (let step = 0; step < characters.length; step++) {
    const at = (start + step) % characters.length;
    const others = alternatives(characters[at]!, kind, at < surname);
    if (others.length > 0) return characters.with(at, random.pick(others)).join('');
  }
  return null;
}

function alternatives(character: string, kind: NameVariant, surname: boolean): string[] {
  // A surname is copied from a card and seldom misheard; what happens to it are the officially tolerated rewrites.
  if (kind === 'homophone') return surname ? [] : homophones(character);
  if (kind === 'look-alike') return [...lookAlikes(character)];
  const variant = VARIANTS.get(character);
  return [...(variant ? [variant] : []), ...(surname ? surnameForms(character).slice(1) : [])];
}

import { type Random, Weighted } from '../random.ts';

/** Characters that parents of a generation favoured, most frequent first (the drawing falls off like 1/rank^0.7). */
type Fashion = { until: number; single: number; male: string; female: string };

/**
 * Orders follow the public lists of frequent characters per decade of birth in the name reports of the Ministry of
 * Public Security (2019, 2020) as far as they go; the lower ranks are ours. `single`: share of one-character given names
 * (rare before 1960, about a third around 1980 to 1990, rare again after 2005).
 */
const FASHIONS: readonly Fashion[] = [
  {
    until: 1949,
    single: 0.1,
    male: '明国德华文成光荣清林生金玉云福正忠昌兴树贵元永志万世安祥泽学',
    female: '秀英玉珍兰芳桂淑素碧华琼清云莲贞群梅凤芬香菊惠蓉仙成永善',
  },
  {
    until: 1966,
    single: 0.13,
    male: '国明建平华文成德军光林荣贵生学福志兴清洪云勇全强忠世祥昌友民',
    female: '秀玉英华珍兰芳琼群碧素淑芬桂明惠萍清蓉荣琴菊容先梅霞丽红云',
  },
  {
    until: 1979,
    single: 0.24,
    male: '勇军伟建强平明华刚斌波涛林兵国文辉东志小成杰洪永海云小龙峰春',
    female: '丽红英燕芳梅华敏霞琼玲萍艳静小群娟秀蓉莉琴晓容平洪春利玉先',
  },
  {
    until: 1994,
    single: 0.36,
    male: '伟杰超鹏勇磊涛波俊斌强浩林鑫飞峰军亮辉洋建小明文川宇龙志毅凯',
    female: '婷丹静燕娟丽敏艳雪玲莉倩颖洁玉春小雯佳欢晓琳芳琴梅瑶萍霞红',
  },
  {
    until: 2007,
    single: 0.16,
    male: '俊杰宇浩鑫文涛豪林博轩志航鹏佳明天一伟洋睿泽嘉子晨翔龙阳川云',
    female: '雨欣怡佳婷雪思梦颖静玉琪悦慧萱语涵晓瑶嘉琳可欣诗馨文莹蕊菲',
  },
  {
    until: 2100,
    single: 0.06,
    male: '宇浩子梓轩泽沐宸辰一睿博俊奕铭皓瑞嘉航霖昊诚恒允煜屹安知朗星',
    female: '梓涵欣怡一诺诗沐悦语可依萱雨若汐妍玥桐彤瑶芮晨苒禾清念安姝',
  },
];

/** Characters that many keyboards and older character sets know badly; they appear as real dirt in messages. */
const RARE = '喆堃昇淼垚赟翀祎旻彧䶮';

const tables = FASHIONS.map((fashion) => ({
  until: fashion.until,
  single: fashion.single,
  male: table(fashion.male),
  female: table(fashion.female),
}));

function table(characters: string): Weighted<string> {
  return new Weighted([...characters].map((character, index) => [character, 1 / (index + 1) ** 0.7] as const));
}

/** Given name of someone born in `year`; `shared` is a generation character that siblings carry, or null. */
export function drawGivenName(random: Random, sex: 'male' | 'female', year: number, shared: string | null): string {
  const fashion = tables.find((row) => year <= row.until) ?? tables[tables.length - 1]!;
  const characters = sex === 'male' ? fashion.male : fashion.female;
  if (random.chance(0.006)) return random.pick([...RARE]);
  if (shared) return shared + characters.draw(random);
  if (random.chance(fashion.single)) return characters.draw(random);
  const first = characters.draw(random);
  // Doubled characters (婷婷) are a habit of the eighties and nineties, for girls.
  if (sex === 'female' && year > 1980 && year < 1998 && random.chance(0.05)) return first + first;
  return first + characters.draw(random);
}

/** A generation character for the children of a couple, or null when the family does not keep the custom. */
export function drawGenerationCharacter(random: Random, year: number): string | null {
  const share = year < 1970 ? 0.55 : year < 1990 ? 0.25 : 0.12;
  if (!random.chance(share)) return null;
  const fashion = tables.find((row) => year <= row.until) ?? tables[tables.length - 1]!;
  return (random.chance(0.5) ? fashion.male : fashion.female).draw(random);
}

const UYGHUR_MALE = ['买买提', '阿布都拉', '艾合买提', '吐尔逊', '玉素甫', '亚森', '库尔班'];
const UYGHUR_FEMALE = ['阿依古丽', '古丽娜尔', '热依汗', '帕提古丽', '阿米娜', '努尔古丽'];
const YI_CLAN = ['吉克', '阿尔', '沙马', '曲比', '吉木'];
const YI_MALE = ['木呷', '尔古', '拉日', '伍各'];
const YI_FEMALE = ['阿妞', '阿依', '日作', '木果'];

/** Names written with a middle dot: people from elsewhere in China who live in the region. */
export function drawDottedName(random: Random, sex: 'male' | 'female'): { name: string; ethnic: 'UG' | 'YI' } {
  if (random.chance(0.5)) {
    const given = random.pick(sex === 'male' ? UYGHUR_MALE : UYGHUR_FEMALE);
    return { name: `${given}·${random.pick(UYGHUR_MALE)}`, ethnic: 'UG' };
  }
  return { name: `${random.pick(YI_CLAN)}·${random.pick(sex === 'male' ? YI_MALE : YI_FEMALE)}`, ethnic: 'YI' };
}

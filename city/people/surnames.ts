import { type Random, Weighted } from '../random.ts';

/**
 * Surnames with their share of the population in per cent. The first three shares are those published by the Ministry of
 * Public Security in 2007 (7.25, 7.19, 6.83); ranks 4..22 keep the published bands (above 20 million, 10 to 20 million
 * people); the first hundred together are 84.8 % as published (84.77 % in 2007, 85.9 % in 2019). Between the fixed points
 * shares fall geometrically; the order is that of the 2019 list. Sources: README.md.
 */
const HEAD =
  '王7.25 李7.19 张6.83 刘5.35 陈4.55 杨3.10 黄2.45 赵2.20 吴2.05 周1.90 徐1.50 孙1.45 马1.30 朱1.25 胡1.20 郭1.15 何1.10 高1.05 林1.05 罗1.00 郑0.95 梁0.90';
const NEXT =
  '谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向';
const TAIL =
  '常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝淳宓幸代淦旷粟谌';
/** Compound surnames are about one person in a thousand. */
const COMPOUND: readonly (readonly [string, number])[] = [
  ['欧阳', 0.065],
  ['上官', 0.007],
  ['司徒', 0.004],
  ['诸葛', 0.004],
  ['令狐', 0.006],
  ['皇甫', 0.005],
  ['尉迟', 0.002],
  ['夏侯', 0.002],
  ['慕容', 0.002],
  ['司马', 0.002],
  ['东方', 0.001],
];

function geometric(characters: string, from: number, total: number): [string, number][] {
  const items = [...characters];
  // The ratio r with from * (1 + r + ... + r^(n-1)) = total, by bisection.
  let low = 0.5;
  let high = 0.99999;
  for (let i = 0; i < 60; i++) {
    const r = (low + high) / 2;
    if ((from * (1 - r ** items.length)) / (1 - r) > total) high = r;
    else low = r;
  }
  return items.map((name, index) => [name, from * low ** index]);
}

const head: [string, number][] = HEAD.split(' ').map((part) => [part[0]!, Number(part.slice(1))]);
const headShare = head.reduce((sum, row) => sum + row[1], 0);
const compoundShare = COMPOUND.reduce((sum, row) => sum + row[1], 0);
const hundred = [...head, ...geometric(NEXT, 0.85, 84.8 - headShare)];
const rest = 100 - 84.8 - compoundShare;

export const SURNAMES: readonly (readonly [string, number])[] = [
  ...hundred,
  ...geometric(TAIL, 0.2, rest),
  ...COMPOUND,
];

const all = new Weighted(SURNAMES);
/** Frequent in the Tujia and Miao counties of the southeast. */
const southeast = new Weighted<string>([
  ...[...'冉田彭向白覃张杨石龙吴麻谢李陈'].map((name, index) => [name, 12 - index * 0.6] as const),
]);

export function drawSurname(random: Random, minority: boolean): string {
  return minority && random.chance(0.6) ? southeast.draw(random) : all.draw(random);
}

/** Characters clerks and scanners take for one another in names; shape only, the readings differ. */
const GROUPS = (
  '未末 釆采 貎貌 己已巳 土士 干千于 日曰 王玉 大太犬 人入八 侯候 晴睛 令今 菅管 刑邢 佘余 治冶 晓烧 博搏 梅海 杨扬 辛幸 徐除 陈阵 郑邓 ' +
  '玲铃 瑞端 淋琳 娇骄 萍苹 祥详 颖颍 宇字 林材 洪供 泽译择 妍研 茹如 姝妹 婷停 赢嬴羸 芮苪 戊戌戍成 盂孟 昊吴 亳毫 祎袆 霖霜 ' +
  '萱宣 冼洗 洗先 汪江 汤场 卞卡 卢户 申甲由 田由 冉再 尹伊 贝见 贾贸 崔催 谭潭 范苑 秦泰 季李 奉秦 柴紫 岑芩 炀杨 炜伟 烨晔 ' +
  '捷婕 倩清 晏宴 昱显 珏钰 珍诊 睿容 竞竟 笠苙 粱梁 羽习 育肓 舟丹 莉利 蓉容 裴斐 诗侍 贞真 钧钓 锋峰 阳阴 雯雪 韵韶 颜彦'
)
  .split(' ')
  .map((group) => [...group]);

const BY_CHARACTER = new Map<string, Set<string>>();
for (const group of GROUPS) {
  for (const character of group) {
    const others = BY_CHARACTER.get(character) ?? new Set();
    for (const other of group) if (other !== character) others.add(other);
    BY_CHARACTER.set(character, others);
  }
}

/** Folded characters that look like this folded one; empty when none is known. */
export function lookAlikes(character: string): readonly string[] {
  return [...(BY_CHARACTER.get(character) ?? [])];
}

/** Whether two folded characters are known to be confused by eye. */
export function looksAlike(a: string, b: string): boolean {
  return BY_CHARACTER.get(a)?.has(b) ?? false;
}

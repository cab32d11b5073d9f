import { expect, test } from 'vitest';
import { affirmed } from './mentions.ts';
import { readLists } from './read-lists.ts';

const { textHints } = readLists();
const found = (text: string): string[] =>
  textHints.filter((row) => affirmed(text, row.text) !== null).map(({ disease }) => disease);

test.each([
  ['双肺上叶斑片影，考虑继发性肺结核，建议痰检。', ['tuberculosis']],
  ['左肺上叶病灶，肺结核不除外，请结合临床', ['tuberculosis']],
  ['右上肺结节影，性质待定，肺结核待排除', ['tuberculosis']],
  ['主诉：发热伴皮疹3天。查体：口腔可见科氏斑。诊断：麻疹？', ['measles']],
  ['无明显诱因出现发热、咳嗽，查体见草莓舌', ['scarlet-fever']],
  ['既往体健，3天前起热，考虑登革热', ['dengue']],
  ['否认结核病史。现考虑布鲁菌病', ['brucellosis']],
  ['阵发性痉挛性咳嗽伴鸡鸣样回声1周', ['pertussis']],
  ['Findings suggest pulmonary tuberculosis. Cannot be excluded: malaria', ['tuberculosis', 'malaria']],
])('%s speaks of %j', (text, diseases) => {
  expect(found(text).sort()).toEqual([...diseases].sort());
});

test.each([
  '双肺未见结核、肿瘤征象，未见肺结核',
  '否认肝炎、肺结核、伤寒等传染病史，否认疟疾接触史',
  '否认高血压，糖尿病，肺结核病史',
  '既往史：肺结核，已治愈',
  '右上肺陈旧性肺结核，较前无变化',
  '已排除麻疹，考虑幼儿急疹',
  '麻疹可除外；麻疹依据不足',
  '全身荨麻疹3天，麻疹样药疹',
  '已接种麻疹疫苗、水痘疫苗、流脑疫苗',
  '狂犬病暴露后处置，注射狂犬病疫苗',
  '疟原虫阴性，登革热抗原（-）',
  '母亲：父亲家族史：肺结核',
  '肺结核接触史',
  '流感样症状2天，流感嗜血杆菌培养',
  '非洲猪鼠疫与本病无关，皮肤风疹块',
  '非结核分枝杆菌感染',
  'No evidence of pulmonary tuberculosis; denies malaria, measles',
  'History of measles in childhood, varicella vaccine given',
  '高血压病2级，复诊配药',
])('%s speaks of nothing notifiable', (text) => {
  expect(found(text)).toEqual([]);
});

test('the word comes back as it was written', () => {
  expect(affirmed('诊断：急性细菌性痢疾', /细菌性痢疾/)).toBe('细菌性痢疾');
});

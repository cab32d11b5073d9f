/** National immunisation programme (schedule of 2021, with DTaP as changed in 2025), months of age; CVX codes where one fits. */
export type Vaccine = { code: string; cvx: string; zh: string; en: string; dose: number; month: number };

const ROWS: readonly (readonly [code: string, cvx: string, zh: string, en: string, months: readonly number[]])[] = [
  ['0201', '08', '重组乙型肝炎疫苗', 'Hepatitis B', [0, 1, 6]],
  ['0101', '19', '卡介苗', 'BCG', [0]],
  ['0311', '10', '脊髓灰质炎灭活疫苗', 'IPV', [2, 3]],
  ['0303', '178', '二价口服脊髓灰质炎减毒活疫苗', 'bOPV', [4, 48]],
  ['0402', '20', '无细胞百白破联合疫苗', 'DTaP', [2, 4, 6, 18, 72]],
  ['1201', '03', '麻腮风联合减毒活疫苗', 'MMR', [8, 18]],
  ['1801', '39', '乙型脑炎减毒活疫苗', 'Japanese encephalitis', [8, 24]],
  ['1601', '103', 'A群脑膜炎球菌多糖疫苗', 'Meningococcal A', [6, 9]],
  ['1602', '32', 'A群C群脑膜炎球菌多糖疫苗', 'Meningococcal AC', [36, 72]],
  ['1901', '85', '甲型肝炎减毒活疫苗', 'Hepatitis A', [18]],
];

export const CHILD_VACCINES: readonly Vaccine[] = ROWS.flatMap(([code, cvx, zh, en, months]) =>
  months.map((month, index) => ({ code, cvx, zh, en, dose: index + 1, month })),
);

export const FLU_VACCINE: Vaccine = {
  code: '2101',
  cvx: '150',
  zh: '四价流感病毒裂解疫苗',
  en: 'Influenza, quadrivalent',
  dose: 1,
  month: 0,
};

/**
 * Laboratory items: LOINC code (molar or SI form, and the mass form where conventional units are usual), names, UCUM units,
 * reference intervals of adults (WS/T 404 and 405 series for common items; kit leaflets otherwise) and a spread that keeps
 * about 95 % of healthy people inside. LOINC content: (c) Regenstrief Institute, https://loinc.org/license.
 */
export type Analyte = {
  id: string;
  abbr: string;
  zh: string;
  en: string;
  loinc: string;
  unit: string;
  /** How the unit is printed by systems that know no UCUM. */
  printed: string;
  low: number | null;
  high: number | null;
  /** Interval of women where it differs. */
  female?: readonly [number, number];
  mean: number;
  sd: number;
  decimals: number;
  /** Conventional unit: LOINC, unit, factor from SI, decimals. */
  conventional?: { loinc: string; unit: string; factor: number; decimals: number };
  /** Values are words: negative or positive. */
  qualitative?: true;
};

type Row = readonly [
  id: string,
  abbr: string,
  zh: string,
  en: string,
  loinc: string,
  unit: string,
  printed: string,
  low: number | null,
  high: number | null,
  mean: number,
  sd: number,
  decimals: number,
];

const ROWS: readonly Row[] = [
  ['wbc', 'WBC', '白细胞计数', 'Leukocytes', '6690-2', '10*9/L', '×10^9/L', 3.5, 9.5, 6.3, 1.3, 2],
  ['neut', 'NEUT%', '中性粒细胞百分比', 'Neutrophils/100 leukocytes', '770-8', '%', '%', 40, 75, 58, 7, 1],
  ['lymph', 'LYM%', '淋巴细胞百分比', 'Lymphocytes/100 leukocytes', '736-9', '%', '%', 20, 50, 33, 6, 1],
  ['lymphn', 'LYM#', '淋巴细胞计数', 'Lymphocytes', '731-0', '10*9/L', '×10^9/L', 1.1, 3.2, 2.0, 0.4, 2],
  ['eos', 'EO%', '嗜酸性粒细胞百分比', 'Eosinophils/100 leukocytes', '713-8', '%', '%', 0.4, 8, 2.4, 1.2, 1],
  ['rbc', 'RBC', '红细胞计数', 'Erythrocytes', '789-8', '10*12/L', '×10^12/L', 4.3, 5.8, 4.9, 0.35, 2],
  ['hgb', 'HGB', '血红蛋白', 'Hemoglobin', '718-7', 'g/L', 'g/L', 130, 175, 149, 10, 0],
  ['hct', 'HCT', '红细胞压积', 'Hematocrit', '4544-3', '%', '%', 40, 50, 44.5, 2.4, 1],
  ['mcv', 'MCV', '平均红细胞体积', 'MCV', '787-2', 'fL', 'fL', 82, 100, 90, 4, 1],
  ['plt', 'PLT', '血小板计数', 'Platelets', '777-3', '10*9/L', '×10^9/L', 125, 350, 225, 50, 0],
  ['crp', 'CRP', 'C反应蛋白', 'C reactive protein', '1988-5', 'mg/L', 'mg/L', 0, 10, 2.6, 1.6, 1],
  ['pct', 'PCT', '降钙素原', 'Procalcitonin', '33959-8', 'ng/mL', 'ng/mL', 0, 0.05, 0.03, 0.01, 2],
  ['alt', 'ALT', '丙氨酸氨基转移酶', 'Alanine aminotransferase', '1742-6', 'U/L', 'U/L', 9, 50, 23, 9, 0],
  ['ast', 'AST', '天门冬氨酸氨基转移酶', 'Aspartate aminotransferase', '1920-8', 'U/L', 'U/L', 15, 40, 24, 6, 0],
  ['tbil', 'TBIL', '总胆红素', 'Bilirubin.total', '14631-6', 'umol/L', 'μmol/L', 0, 23, 12, 4, 1],
  ['alb', 'ALB', '白蛋白', 'Albumin', '1751-7', 'g/L', 'g/L', 40, 55, 45, 3, 1],
  ['ggt', 'GGT', 'γ-谷氨酰转移酶', 'Gamma glutamyl transferase', '2324-2', 'U/L', 'U/L', 10, 60, 27, 11, 0],
  ['crea', 'CREA', '肌酐', 'Creatinine', '14682-9', 'umol/L', 'μmol/L', 57, 97, 76, 10, 0],
  ['urea', 'UREA', '尿素', 'Urea', '22664-7', 'mmol/L', 'mmol/L', 3.1, 8.0, 5.2, 1.1, 2],
  ['ua', 'UA', '尿酸', 'Urate', '14933-6', 'umol/L', 'μmol/L', 208, 428, 330, 55, 0],
  ['glu', 'GLU', '空腹葡萄糖', 'Fasting glucose', '14771-0', 'mmol/L', 'mmol/L', 3.9, 6.1, 5.1, 0.45, 2],
  ['hba1c', 'HbA1c', '糖化血红蛋白', 'Hemoglobin A1c', '4548-4', '%', '%', 4.0, 6.0, 5.4, 0.3, 1],
  ['tc', 'TC', '总胆固醇', 'Cholesterol', '14647-2', 'mmol/L', 'mmol/L', 0, 5.2, 4.5, 0.55, 2],
  ['tg', 'TG', '甘油三酯', 'Triglyceride', '14927-8', 'mmol/L', 'mmol/L', 0, 1.7, 1.2, 0.35, 2],
  ['hdl', 'HDL-C', '高密度脂蛋白胆固醇', 'HDL cholesterol', '14646-4', 'mmol/L', 'mmol/L', 1.0, null, 1.35, 0.2, 2],
  ['ldl', 'LDL-C', '低密度脂蛋白胆固醇', 'LDL cholesterol', '22748-8', 'mmol/L', 'mmol/L', 0, 3.4, 2.6, 0.5, 2],
  ['k', 'K', '钾', 'Potassium', '2823-3', 'mmol/L', 'mmol/L', 3.5, 5.3, 4.2, 0.3, 2],
  ['na', 'Na', '钠', 'Sodium', '2951-2', 'mmol/L', 'mmol/L', 137, 147, 141, 2, 1],
  ['tni', 'cTnI', '肌钙蛋白I', 'Troponin I', '10839-9', 'ng/mL', 'ng/mL', 0, 0.04, 0.01, 0.006, 3],
  ['ddimer', 'D-D', 'D-二聚体', 'D-dimer FEU', '48065-7', 'mg/L', 'mg/L FEU', 0, 0.55, 0.28, 0.1, 2],
  ['po2', 'PO2', '氧分压', 'Oxygen partial pressure', '2703-7', 'mm[Hg]', 'mmHg', 80, 100, 92, 4, 0],
  ['pco2', 'PCO2', '二氧化碳分压', 'Carbon dioxide partial pressure', '2019-8', 'mm[Hg]', 'mmHg', 35, 45, 40, 2.2, 0],
  ['ph', 'pH', '酸碱度', 'pH of arterial blood', '2744-1', '[pH]', '', 7.35, 7.45, 7.4, 0.02, 2],
  ['tsh', 'TSH', '促甲状腺激素', 'Thyrotropin', '3016-3', 'm[IU]/L', 'mIU/L', 0.27, 4.2, 1.9, 0.8, 2],
  ['ft4', 'FT4', '游离甲状腺素', 'Thyroxine free', '14920-3', 'pmol/L', 'pmol/L', 12, 22, 16.5, 2.1, 1],
  ['flua', 'FluA-Ag', '甲型流感病毒抗原', 'Influenza A antigen', '80382-5', '', '', null, null, 0, 0, 0],
  ['flub', 'FluB-Ag', '乙型流感病毒抗原', 'Influenza B antigen', '80383-3', '', '', null, null, 0, 0, 0],
  ['covid', 'nCoV-RNA', '新型冠状病毒核酸', 'SARS-CoV-2 RNA', '94500-6', '', '', null, null, 0, 0, 0],
  ['noro1', 'NoV-GI', '诺如病毒GI型核酸', 'Norovirus genogroup I RNA', '54905-5', '', '', null, null, 0, 0, 0],
  ['noro2', 'NoV-GII', '诺如病毒GII型核酸', 'Norovirus genogroup II RNA', '54906-3', '', '', null, null, 0, 0, 0],
  ['measles', 'MV-IgM', '麻疹病毒IgM抗体', 'Measles virus IgM', '7962-4', "[arb'U]/mL", 'AU/mL', 0, 11, 2.2, 1.2, 1],
  ['mp', 'MP-IgM', '肺炎支原体IgM抗体', 'Mycoplasma pneumoniae IgM', '5256-3', '', '', null, null, 0, 0, 0],
  ['hcg', 'β-HCG', '人绒毛膜促性腺激素', 'Choriogonadotropin', '21198-7', 'm[IU]/mL', 'mIU/mL', 0, 5, 1, 0.8, 1],
];

const FEMALE: Record<string, readonly [number, number]> = {
  rbc: [3.8, 5.1],
  hgb: [115, 150],
  hct: [35, 45],
  alt: [7, 40],
  ast: [13, 35],
  ggt: [7, 45],
  crea: [41, 73],
  ua: [155, 357],
};

const CONVENTIONAL: Record<string, Analyte['conventional']> = {
  hgb: { loinc: '718-7', unit: 'g/dL', factor: 0.1, decimals: 1 },
  alb: { loinc: '1751-7', unit: 'g/dL', factor: 0.1, decimals: 1 },
  tbil: { loinc: '1975-2', unit: 'mg/dL', factor: 1 / 17.1, decimals: 2 },
  crea: { loinc: '2160-0', unit: 'mg/dL', factor: 1 / 88.4, decimals: 2 },
  ua: { loinc: '3084-1', unit: 'mg/dL', factor: 1 / 59.48, decimals: 1 },
  glu: { loinc: '1558-6', unit: 'mg/dL', factor: 18.016, decimals: 0 },
  tc: { loinc: '2093-3', unit: 'mg/dL', factor: 38.67, decimals: 0 },
  tg: { loinc: '2571-8', unit: 'mg/dL', factor: 88.57, decimals: 0 },
  hdl: { loinc: '2085-9', unit: 'mg/dL', factor: 38.67, decimals: 0 },
  ldl: { loinc: '2089-1', unit: 'mg/dL', factor: 38.67, decimals: 0 },
  crp: { loinc: '1988-5', unit: 'mg/dL', factor: 0.1, decimals: 2 },
};

export const ANALYTES: Readonly<Record<string, Analyte>> = Object.fromEntries(
  ROWS.map(([id, abbr, zh, en, loinc, unit, printed, low, high, mean, sd, decimals]) => {
    const analyte: Analyte = { id, abbr, zh, en, loinc, unit, printed, low, high, mean, sd, decimals };
    if (FEMALE[id]) analyte.female = FEMALE[id];
    if (CONVENTIONAL[id]) analyte.conventional = CONVENTIONAL[id];
    if (unit === '' && low === null) analyte.qualitative = true;
    return [id, analyte];
  }),
);

export type Panel = {
  id: string;
  zh: string;
  en: string;
  loinc: string | null;
  specimen: { code: string; zh: string };
  items: readonly string[];
};

const BLOOD = { code: 'BLD', zh: '全血' };
const SERUM = { code: 'SER', zh: '血清' };
const SWAB = { code: 'NPH', zh: '鼻咽拭子' };
const STOOL = { code: 'STL', zh: '粪便' };

export const PANELS: Readonly<Record<string, Panel>> = {
  cbc: {
    id: 'cbc',
    zh: '血常规',
    en: 'Complete blood count',
    loinc: '57021-8',
    specimen: BLOOD,
    items: ['wbc', 'neut', 'lymph', 'lymphn', 'eos', 'rbc', 'hgb', 'hct', 'mcv', 'plt'],
  },
  crp: { id: 'crp', zh: 'C反应蛋白', en: 'C reactive protein', loinc: '1988-5', specimen: SERUM, items: ['crp'] },
  pct: { id: 'pct', zh: '降钙素原', en: 'Procalcitonin', loinc: '33959-8', specimen: SERUM, items: ['pct'] },
  liver: {
    id: 'liver',
    zh: '肝功能',
    en: 'Liver function',
    loinc: '24325-3',
    specimen: SERUM,
    items: ['alt', 'ast', 'tbil', 'alb', 'ggt'],
  },
  kidney: {
    id: 'kidney',
    zh: '肾功能',
    en: 'Kidney function',
    loinc: '24362-6',
    specimen: SERUM,
    items: ['crea', 'urea', 'ua', 'k', 'na'],
  },
  glucose: { id: 'glucose', zh: '空腹血糖', en: 'Fasting glucose', loinc: '14771-0', specimen: SERUM, items: ['glu'] },
  diabetes: {
    id: 'diabetes',
    zh: '糖代谢',
    en: 'Glucose and HbA1c',
    loinc: null,
    specimen: BLOOD,
    items: ['glu', 'hba1c'],
  },
  lipids: {
    id: 'lipids',
    zh: '血脂四项',
    en: 'Lipids',
    loinc: '24331-1',
    specimen: SERUM,
    items: ['tc', 'tg', 'hdl', 'ldl'],
  },
  cardiac: {
    id: 'cardiac',
    zh: '心肌标志物及D-二聚体',
    en: 'Troponin and D-dimer',
    loinc: null,
    specimen: SERUM,
    items: ['tni', 'ddimer'],
  },
  gases: {
    id: 'gases',
    zh: '动脉血气分析',
    en: 'Arterial blood gases',
    loinc: '24336-0',
    specimen: { code: 'ABLD', zh: '动脉血' },
    items: ['ph', 'po2', 'pco2'],
  },
  thyroid: {
    id: 'thyroid',
    zh: '甲状腺功能',
    en: 'Thyroid function',
    loinc: null,
    specimen: SERUM,
    items: ['tsh', 'ft4'],
  },
  flu: {
    id: 'flu',
    zh: '流感病毒抗原检测',
    en: 'Influenza antigens',
    loinc: null,
    specimen: SWAB,
    items: ['flua', 'flub'],
  },
  respiratory: {
    id: 'respiratory',
    zh: '呼吸道病原体检测',
    en: 'Respiratory pathogens',
    loinc: null,
    specimen: SWAB,
    items: ['flua', 'flub', 'covid', 'mp'],
  },
  norovirus: {
    id: 'norovirus',
    zh: '诺如病毒核酸检测',
    en: 'Norovirus RNA',
    loinc: null,
    specimen: STOOL,
    items: ['noro1', 'noro2'],
  },
  measles: {
    id: 'measles',
    zh: '麻疹病毒IgM抗体检测',
    en: 'Measles IgM',
    loinc: '7962-4',
    specimen: SERUM,
    items: ['measles'],
  },
  pregnancy: {
    id: 'pregnancy',
    zh: '早孕检查',
    en: 'Choriogonadotropin',
    loinc: '21198-7',
    specimen: SERUM,
    items: ['hcg'],
  },
};

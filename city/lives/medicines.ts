/** Medicines of everyday practice: local trade code is the vendor's, ATC code WHO Collaborating Centre for Drug Statistics. */
export type Medicine = {
  id: string;
  zh: string;
  en: string;
  atc: string;
  form: string;
  strength: string;
  dose: number;
  unit: string;
  route: { code: string; zh: string };
  times: number;
  days: number;
};

const PO = { code: 'PO', zh: '口服' };
const IH = { code: 'IH', zh: '吸入' };
const IV = { code: 'IV', zh: '静脉滴注' };
const SC = { code: 'SC', zh: '皮下注射' };

type Row = readonly [
  id: string,
  zh: string,
  en: string,
  atc: string,
  form: string,
  strength: string,
  dose: number,
  unit: string,
  route: Medicine['route'],
  times: number,
  days: number,
];

const ROWS: readonly Row[] = [
  ['amlodipine', '苯磺酸氨氯地平片', 'Amlodipine', 'C08CA01', '片剂', '5mg', 5, 'mg', PO, 1, 28],
  ['valsartan', '缬沙坦胶囊', 'Valsartan', 'C09CA03', '胶囊', '80mg', 80, 'mg', PO, 1, 28],
  ['metformin', '盐酸二甲双胍片', 'Metformin', 'A10BA02', '片剂', '0.5g', 500, 'mg', PO, 2, 28],
  ['glimepiride', '格列美脲片', 'Glimepiride', 'A10BB12', '片剂', '2mg', 2, 'mg', PO, 1, 28],
  ['insulin', '甘精胰岛素注射液', 'Insulin glargine', 'A10AE04', '注射剂', '300U:3mL', 14, '[iU]', SC, 1, 28],
  ['atorvastatin', '阿托伐他汀钙片', 'Atorvastatin', 'C10AA05', '片剂', '20mg', 20, 'mg', PO, 1, 28],
  ['aspirin', '阿司匹林肠溶片', 'Aspirin', 'B01AC06', '片剂', '100mg', 100, 'mg', PO, 1, 28],
  ['tiotropium', '噻托溴铵粉吸入剂', 'Tiotropium', 'R03BB04', '吸入剂', '18μg', 18, 'ug', IH, 1, 30],
  ['salbutamol', '硫酸沙丁胺醇吸入气雾剂', 'Salbutamol', 'R03AC02', '气雾剂', '100μg', 100, 'ug', IH, 3, 14],
  ['amoxicillin', '阿莫西林胶囊', 'Amoxicillin', 'J01CA04', '胶囊', '0.5g', 500, 'mg', PO, 3, 7],
  ['azithromycin', '阿奇霉素片', 'Azithromycin', 'J01FA10', '片剂', '0.25g', 500, 'mg', PO, 1, 3],
  ['cefuroxime', '头孢呋辛酯片', 'Cefuroxime', 'J01DC02', '片剂', '0.25g', 250, 'mg', PO, 2, 7],
  ['ceftriaxone', '注射用头孢曲松钠', 'Ceftriaxone', 'J01DD04', '注射剂', '1g', 2000, 'mg', IV, 1, 7],
  ['moxifloxacin', '盐酸莫西沙星注射液', 'Moxifloxacin', 'J01MA14', '注射剂', '0.4g', 400, 'mg', IV, 1, 7],
  ['oseltamivir', '磷酸奥司他韦胶囊', 'Oseltamivir', 'J05AH02', '胶囊', '75mg', 75, 'mg', PO, 2, 5],
  ['ibuprofen', '布洛芬缓释胶囊', 'Ibuprofen', 'M01AE01', '胶囊', '0.3g', 300, 'mg', PO, 2, 3],
  ['ibuprofenkid', '布洛芬混悬液', 'Ibuprofen suspension', 'M01AE01', '混悬剂', '2g:100mL', 100, 'mg', PO, 3, 3],
  ['lianhua', '连花清瘟胶囊', 'Lianhua Qingwen', 'R05X', '胶囊', '0.35g', 1400, 'mg', PO, 3, 5],
  ['ambroxol', '盐酸氨溴索片', 'Ambroxol', 'R05CB06', '片剂', '30mg', 30, 'mg', PO, 3, 5],
  ['loratadine', '氯雷他定片', 'Loratadine', 'R06AX13', '片剂', '10mg', 10, 'mg', PO, 1, 7],
  ['ors', '口服补液盐散(Ⅲ)', 'Oral rehydration salts', 'A07CA', '散剂', '5.125g', 5125, 'mg', PO, 3, 3],
  ['smectite', '蒙脱石散', 'Diosmectite', 'A07BC05', '散剂', '3g', 3000, 'mg', PO, 3, 3],
  ['omeprazole', '奥美拉唑肠溶胶囊', 'Omeprazole', 'A02BC01', '胶囊', '20mg', 20, 'mg', PO, 1, 14],
  ['diclofenac', '双氯芬酸钠缓释片', 'Diclofenac', 'M01AB05', '片剂', '75mg', 75, 'mg', PO, 1, 7],
  ['levothyroxine', '左甲状腺素钠片', 'Levothyroxine', 'H03AA01', '片剂', '50μg', 50, 'ug', PO, 1, 28],
  ['folic', '叶酸片', 'Folic acid', 'B03BB01', '片剂', '0.4mg', 0.4, 'mg', PO, 1, 30],
  ['iron', '琥珀酸亚铁片', 'Ferrous succinate', 'B03AA', '片剂', '0.1g', 100, 'mg', PO, 2, 30],
  ['vitamina', '维生素A软胶囊', 'Vitamin A', 'A11CA01', '胶囊', '5万IU', 200000, '[iU]', PO, 1, 2],
  [
    'methylprednisolone',
    '注射用甲泼尼龙琥珀酸钠',
    'Methylprednisolone',
    'H02AB04',
    '注射剂',
    '40mg',
    40,
    'mg',
    IV,
    1,
    5,
  ],
];

export const MEDICINES: Readonly<Record<string, Medicine>> = Object.fromEntries(
  ROWS.map(([id, zh, en, atc, form, strength, dose, unit, route, times, days]) => [
    id,
    { id, zh, en, atc, form, strength, dose, unit, route, times, days },
  ]),
);

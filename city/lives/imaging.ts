/** Imaging examinations with findings that fit the reason; sentences are ours. */
export type Study = {
  id: string;
  modality: 'DX' | 'CT' | 'US' | 'MR';
  loinc: string | null;
  zh: string;
  en: string;
  findings: string;
  impression: string;
  abnormal: boolean;
};

const NORMAL_CHEST =
  '两肺野透亮度正常，肺纹理走行自然，未见明确实变影。双侧肺门不大。心影大小、形态正常。双膈面光整，肋膈角锐利。';
type Row = readonly [
  id: string,
  modality: Study['modality'],
  loinc: string | null,
  zh: string,
  en: string,
  findings: string,
  impression: string,
  abnormal: boolean,
];

const ROWS: readonly Row[] = [
  [
    'chest-normal',
    'DX',
    '36643-5',
    '胸部正侧位片',
    'Chest X-ray, two views',
    NORMAL_CHEST,
    '心肺膈未见明显异常。',
    false,
  ],
  [
    'chest-pneumonia',
    'CT',
    '24627-2',
    '胸部CT平扫',
    'CT of chest',
    '右肺下叶背段及后基底段见斑片状密度增高影，边界模糊，其内可见支气管充气征。纵隔未见肿大淋巴结。少量胸腔积液不能除外。',
    '右肺下叶炎症，建议治疗后复查。',
    true,
  ],
  [
    'chest-viral',
    'CT',
    '24627-2',
    '胸部CT平扫',
    'CT of chest',
    '双肺多发磨玻璃密度影，以胸膜下及下叶为著，部分呈铺路石样改变，病灶内见增粗血管影。未见明显胸腔积液，纵隔淋巴结无肿大。',
    '双肺多发磨玻璃影，考虑病毒性肺炎可能，请结合临床及病原学检查。',
    true,
  ],
  [
    'chest-copd',
    'CT',
    '24627-2',
    '胸部CT平扫',
    'CT of chest',
    '双肺透亮度增高，肺纹理稀疏，双上肺见多发肺大泡。支气管壁增厚。胸廓呈桶状。',
    '慢性支气管炎、肺气肿改变，双上肺肺大泡。',
    true,
  ],
  [
    'chest-tb',
    'DX',
    '36643-5',
    '胸部正侧位片',
    'Chest X-ray, two views',
    '右上肺尖后段见斑片、条索状影，密度不均，其内可疑小透亮区。余肺野清晰。',
    '右上肺病变，考虑继发性肺结核，请结合痰检。',
    true,
  ],
  [
    'spine',
    'DX',
    null,
    '腰椎正侧位片',
    'Lumbar spine X-ray',
    '腰椎生理曲度变直，L3-L5椎体边缘骨质增生，L4/5椎间隙稍变窄。',
    '腰椎退行性变。',
    true,
  ],
  [
    'knee',
    'DX',
    null,
    '双膝关节正侧位片',
    'Knee X-ray',
    '双膝关节间隙内侧变窄，髁间嵴变尖，髌骨后缘骨质增生。',
    '双膝关节退行性变。',
    true,
  ],
  [
    'wrist',
    'DX',
    null,
    '腕关节正侧位片',
    'Wrist X-ray',
    '桡骨远端骨皮质不连续，断端向背侧移位，周围软组织肿胀。',
    '桡骨远端骨折。',
    true,
  ],
  [
    'abdomen',
    'US',
    '24558-9',
    '腹部超声',
    'Ultrasound of abdomen',
    '肝脏形态正常，实质回声稍增强、欠均匀，肝内管道显示尚清。胆囊壁光滑，胰脾未见明显异常。双肾大小正常。',
    '肝实质回声稍增强，请结合临床。',
    true,
  ],
  [
    'head',
    'CT',
    '30799-1',
    '头颅CT平扫',
    'CT of head',
    '脑实质内未见明显异常密度影，脑室系统无扩张，中线结构居中。',
    '头颅CT平扫未见明显异常。',
    false,
  ],
  [
    'head-infarct',
    'CT',
    '30799-1',
    '头颅CT平扫',
    'CT of head',
    '左侧基底节区见斑片状低密度影，边界欠清，脑室系统无明显受压，中线居中。',
    '左侧基底节区脑梗死，建议MRI检查。',
    true,
  ],
  [
    'fetus',
    'US',
    '11525-3',
    '产科超声',
    'Obstetric ultrasound',
    '宫内单活胎，胎心搏动规律，羊水量正常，胎盘位于子宫前壁。',
    '宫内单活胎，大小与孕周相符。',
    false,
  ],
  [
    'chest-elder',
    'DX',
    '36643-5',
    '胸部正侧位片',
    'Chest X-ray, two views',
    '两肺纹理增多，未见实变影。主动脉迂曲，主动脉结处见钙化。双膈面光整。',
    '主动脉硬化，余未见明显异常。',
    false,
  ],
];

export const STUDIES: Readonly<Record<string, Study>> = Object.fromEntries(
  ROWS.map(([id, modality, loinc, zh, en, findings, impression, abnormal]) => [
    id,
    { id, modality, loinc, zh, en, findings, impression, abnormal },
  ]),
);

import { Random } from '../random.ts';
import { DISTRICTS, type District } from './districts.ts';

export type Protocol = 'hl7v2-mllp' | 'hl7v2-http' | 'fhir' | 'cda';
export type Kind = 'hospital' | 'maternal-child' | 'tcm' | 'community' | 'township' | 'cdc';

/** How this institution's systems write: what its vendor chose years ago. */
export type Quirks = {
  charset: 'UTF-8' | 'GB18030' | 'GBK';
  version: '2.3.1' | '2.4' | '2.5.1' | '2.8';
  /** Whether times carry +0800; zone-less times mean Asia/Shanghai. */
  zone: boolean;
  /** Where HL7 v2 puts the resident number: PID-3 with an OID, PID-3 with a plain authority, or the old PID-19. */
  idField: 'pid3-oid' | 'pid3' | 'pid19';
  /** Name whole in the family-name component, or split. */
  nameStyle: 'whole' | 'split';
  /** Laboratory items: LOINC, LOINC with the local code beside it, or local codes only. */
  labCodes: 'loinc' | 'both' | 'local';
  diagnosisCodes: 'icd10' | 'both' | 'local';
  /** SI units (g/L, mmol/L) or conventional ones (g/dL, mg/dL). */
  units: 'si' | 'conventional';
  /** Local code tables are the vendor's: five vendors serve the region. */
  vendor: 0 | 1 | 2 | 3 | 4;
  /** Sends orders, visit ends, notes, appointments, or keeps them to itself. */
  sends: { orders: boolean; ends: boolean; notes: boolean; appointments: boolean; zSegments: boolean };
};

export type Institution = {
  code: string;
  nameZh: string;
  nameEn: string;
  tier: 1 | 2 | 3;
  kind: Kind;
  area: string;
  district: District;
  protocol: Protocol;
  quirks: Quirks;
  /** MSH-3 of the hospital, laboratory and imaging systems (HL7 v2); MSH-4 is `code`. */
  applications: { his: string; lis: string; ris: string };
  /** OAuth client of the institution where it speaks HTTP. */
  clientId: string;
};

export const VENDORS = ['QM', 'YH', 'LT', 'XC', 'BD'] as const;
/** Invented: the word that no real hospital of the region carries. */
const WORDS = '澜汀,岫禾,云栀,霁川,砚舒,芷野,璟和,樾安,汐朗,筠塘'.split(',');
const WORDS_EN = 'Lanting,Xiuhe,Yunzhi,Jichuan,Yanshu,Zhiye,Jinghe,Yuean,Xilang,Yuntang'.split(',');

/**
 * Institutions of a city with `size` residents: in each district one CDC, then general hospitals, maternal-child and TCM
 * hospitals and primary centres by the residents they serve. A larger city has all those of a smaller one, with the same
 * codes and quirks.
 */
export function cityInstitutions(options: { seed: number; size: number }): Institution[] {
  const total = DISTRICTS.reduce((sum, district) => sum + district.population, 0);
  return DISTRICTS.flatMap((district) => {
    const residents = (options.size * district.population) / total;
    const large = district.population > 75;
    const list: Institution[] = [make(options.seed, district, 'cdc', 0)];
    for (let i = 0; i < Math.min(8, 1 + Math.floor(residents / 40_000) + (large ? 1 : 0)); i++) {
      list.push(make(options.seed, district, 'hospital', i));
    }
    if (large || residents > 500) list.push(make(options.seed, district, 'maternal-child', 0));
    if (large || residents > 500) list.push(make(options.seed, district, 'tcm', 0));
    const primary = district.land === 'central' ? 'community' : 'township';
    for (let i = 0; i < Math.min(20, 1 + Math.floor(residents / 6_000)); i++) {
      list.push(make(options.seed, district, primary, i));
    }
    return list;
  });
}

const LETTER: Record<Kind, string> = {
  hospital: 'H',
  'maternal-child': 'M',
  tcm: 'Z',
  community: 'C',
  township: 'T',
  cdc: 'D',
};

function make(seed: number, district: District, kind: Kind, serial: number): Institution {
  const random = new Random(seed, `institution/${kind}`, Number(district.code), serial);
  const code = `${district.code}${LETTER[kind]}${String(serial + 1).padStart(2, '0')}`;
  const turn = (Number(district.code) * 7 + serial * 3 + LETTER[kind].charCodeAt(0)) % WORDS.length;
  const word = WORDS[turn]!;
  const tier =
    kind === 'hospital'
      ? serial === 0 && district.population > 60
        ? 3
        : 2
      : kind === 'community' || kind === 'township'
        ? 1
        : 2;
  const protocol = drawProtocol(random, kind, serial);
  const vendor = random.below(5) as Quirks['vendor'];
  const modern = protocol !== 'hl7v2-mllp' || random.chance(0.4);
  const version =
    kind === 'cdc'
      ? '2.5.1'
      : (['2.3.1', '2.4', '2.5.1', '2.8'] as const)[random.weighted(modern ? [0, 3, 4, 2] : [2, 5, 2, 0])]!;
  return {
    code,
    nameZh: nameZh(district, kind, serial, word),
    nameEn: nameEn(district, kind, serial, WORDS_EN[turn]!),
    tier,
    kind,
    area: district.code,
    district,
    protocol,
    quirks: {
      charset:
        protocol === 'fhir' || protocol === 'cda' || kind === 'cdc'
          ? 'UTF-8'
          : (['UTF-8', 'GB18030', 'GBK'] as const)[random.weighted([4, 4, 2])]!,
      version,
      zone: version !== '2.3.1' && random.chance(0.3),
      idField: (['pid3-oid', 'pid3', 'pid19'] as const)[random.weighted([4, 4, 3])]!,
      nameStyle: random.chance(0.65) ? 'whole' : 'split',
      labCodes: kind === 'cdc' ? 'loinc' : (['loinc', 'both', 'local'] as const)[random.weighted([4, 4, 3])]!,
      diagnosisCodes: (['icd10', 'both', 'local'] as const)[random.weighted([6, 3, 1])]!,
      units: random.chance(0.82) ? 'si' : 'conventional',
      vendor,
      sends: {
        orders: tier > 1 && random.chance(0.3),
        ends: random.chance(0.45),
        notes: random.chance(0.3),
        appointments: tier === 3 || random.chance(0.2),
        zSegments: random.chance(0.15),
      },
    },
    applications: { his: `${VENDORS[vendor]}-HIS`, lis: `${VENDORS[vendor]}-LIS`, ris: `${VENDORS[vendor]}-RIS` },
    clientId: `city-${code.toLowerCase()}`,
  };
}

/** First hospitals alternate between HL7 v2 and FHIR so that every city hears both; primary care writes documents. */
function drawProtocol(random: Random, kind: Kind, serial: number): Protocol {
  if (kind === 'cdc') return 'hl7v2-mllp';
  if (kind === 'hospital') {
    return (['hl7v2-mllp', 'hl7v2-http', 'fhir'] as const)[random.weighted(serial === 0 ? [6, 1, 3] : [4, 1, 5])]!;
  }
  return (['hl7v2-mllp', 'fhir', 'cda'] as const)[random.weighted([3, 3, 4])]!;
}

const NUMBER = ['', '第二', '第三', '第四', '第五', '第六', '第七', '第八'];
const NUMBER_EN = ['', 'Second ', 'Third ', 'Fourth ', 'Fifth ', 'Sixth ', 'Seventh ', 'Eighth '];

function nameZh(district: District, kind: Kind, serial: number, word: string): string {
  if (kind === 'cdc') return `${district.zh}疾病预防控制中心（虚拟）`;
  if (kind === 'hospital') return `${district.zh}${word}${NUMBER[serial]}人民医院`;
  if (kind === 'maternal-child') return `${district.zh}${word}妇幼保健院`;
  if (kind === 'tcm') return `${district.zh}${word}中医院`;
  const suffix = serial === 0 ? '' : `第${serial + 1}`;
  return kind === 'community'
    ? `${district.zh}${word}${suffix}社区卫生服务中心`
    : `${district.zh}${word}${suffix}中心卫生院`;
}

function nameEn(district: District, kind: Kind, serial: number, word: string): string {
  const place = district.en.replace(/ (District|County|.*Autonomous County)$/u, '');
  if (kind === 'cdc') return `${place} Centre for Disease Control (fictional)`;
  if (kind === 'hospital') return `${place} ${word} ${NUMBER_EN[serial]}People's Hospital`;
  if (kind === 'maternal-child') return `${place} ${word} Maternal and Child Hospital`;
  if (kind === 'tcm') return `${place} ${word} Hospital of Chinese Medicine`;
  const suffix = serial === 0 ? '' : ` ${serial + 1}`;
  return kind === 'community'
    ? `${place} ${word} Community Health Centre${suffix}`
    : `${place} ${word} Township Health Centre${suffix}`;
}

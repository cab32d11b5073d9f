import type { CodeTable } from '../read/codes.ts';

// Fixed tables: what a sender's code is in FHIR. Sources: HL7 v2.8.2 chapter 2C and the FHIR v2 concept maps (v2-to-FHIR IG).

export const sex: CodeTable<string> = {
  number: '0001',
  // 1, 2, 0, 9: GB/T 2261.1, which Chinese systems send in PID-8.
  values: {
    M: 'male',
    F: 'female',
    O: 'other',
    U: 'unknown',
    A: 'other',
    N: 'other',
    X: 'other',
    1: 'male',
    2: 'female',
    0: 'unknown',
    9: 'unknown',
    男: 'male',
    女: 'female',
  },
};

const marital = (code: string, display: string, system = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus') => ({
  coding: [{ system, code, display }],
});

export const maritalStatus: CodeTable<unknown> = {
  number: '0002',
  values: {
    M: marital('M', 'Married'),
    S: marital('S', 'Never Married'),
    D: marital('D', 'Divorced'),
    W: marital('W', 'Widowed'),
    A: marital('L', 'Legally Separated'),
    E: marital('L', 'Legally Separated'),
    P: marital('T', 'Domestic partner'),
    G: marital('T', 'Domestic partner'),
    C: marital('C', 'Common Law'),
    I: marital('I', 'Interlocutory'),
    N: marital('A', 'Annulled'),
    B: marital('U', 'unmarried'),
    U: marital('UNK', 'unknown', 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'),
    O: marital('OTH', 'other', 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'),
    T: marital('UNK', 'unknown', 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'),
    R: marital('OTH', 'other', 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'),
    // GB/T 2261.2
    10: marital('S', 'Never Married'),
    20: marital('M', 'Married'),
    21: marital('M', 'Married'),
    22: marital('M', 'Married'),
    23: marital('M', 'Married'),
    30: marital('W', 'Widowed'),
    40: marital('D', 'Divorced'),
    90: marital('UNK', 'unknown', 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor'),
  },
};

const act = (code: string, display: string) => ({
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code,
  display,
});

export type ActClass = ReturnType<typeof act>;

export const UNKNOWN_CLASS: ActClass = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  code: 'UNK',
  display: 'unknown',
};

export const encounterClass: CodeTable<ActClass> = {
  number: '0004',
  values: {
    E: act('EMER', 'emergency'),
    I: act('IMP', 'inpatient encounter'),
    O: act('AMB', 'ambulatory'),
    P: act('PRENC', 'pre-admission'),
    R: act('AMB', 'ambulatory'),
    B: act('IMP', 'inpatient encounter'),
    H: act('HH', 'home health'),
    V: act('VR', 'virtual'),
    D: act('SS', 'short stay'),
    C: UNKNOWN_CLASS,
    N: UNKNOWN_CLASS,
    U: UNKNOWN_CLASS,
  },
};

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const flag = (code: string, display: string) => ({ coding: [{ system: INTERPRETATION, code, display }] });

export const abnormalFlag: CodeTable<unknown> = {
  number: '0078',
  values: {
    L: flag('L', 'Low'),
    H: flag('H', 'High'),
    LL: flag('LL', 'Critical low'),
    HH: flag('HH', 'Critical high'),
    '<': flag('<', 'Off scale low'),
    '>': flag('>', 'Off scale high'),
    LU: flag('LU', 'Significantly low'),
    HU: flag('HU', 'Significantly high'),
    N: flag('N', 'Normal'),
    A: flag('A', 'Abnormal'),
    AA: flag('AA', 'Critical abnormal'),
    U: flag('U', 'Significant change up'),
    D: flag('D', 'Significant change down'),
    B: flag('B', 'Better'),
    W: flag('W', 'Worse'),
    S: flag('S', 'Susceptible'),
    R: flag('R', 'Resistant'),
    I: flag('I', 'Intermediate'),
    MS: flag('S', 'Susceptible'),
    VS: flag('S', 'Susceptible'),
    SDD: flag('SDD', 'Susceptible-dose dependent'),
    NS: flag('NS', 'Non-susceptible'),
    POS: flag('POS', 'Positive'),
    NEG: flag('NEG', 'Negative'),
    IND: flag('IND', 'Indeterminate'),
    DET: flag('DET', 'Detected'),
    ND: flag('ND', 'Not detected'),
    RR: flag('RR', 'Reactive'),
    WR: flag('WR', 'Weakly reactive'),
    NR: flag('NR', 'Non-reactive'),
    CAR: flag('CAR', 'Carrier'),
    '↑': flag('H', 'High'),
    '↓': flag('L', 'Low'),
    '↑↑': flag('HH', 'Critical high'),
    '↓↓': flag('LL', 'Critical low'),
    偏高: flag('H', 'High'),
    偏低: flag('L', 'Low'),
    正常: flag('N', 'Normal'),
    异常: flag('A', 'Abnormal'),
    阳性: flag('POS', 'Positive'),
    阴性: flag('NEG', 'Negative'),
    '+': flag('POS', 'Positive'),
    '-': flag('NEG', 'Negative'),
  },
};

/** OBX-11. R is "entered, not verified", S "partial", O "order detail only": a statement that came with the order. */
export const observationStatus: CodeTable<string> = {
  number: '0085',
  values: {
    F: 'final',
    C: 'corrected',
    D: 'entered-in-error',
    W: 'entered-in-error',
    P: 'preliminary',
    R: 'preliminary',
    S: 'preliminary',
    I: 'registered',
    X: 'cancelled',
    U: 'final',
    O: 'final',
    V: 'final',
    A: 'amended',
    B: 'amended',
    N: 'cancelled',
  },
};

/** OBR-25. */
export const reportStatus: CodeTable<string> = {
  number: '0123',
  values: {
    F: 'final',
    C: 'corrected',
    P: 'preliminary',
    R: 'preliminary',
    A: 'partial',
    S: 'registered',
    I: 'registered',
    O: 'registered',
    X: 'cancelled',
    M: 'amended',
    N: 'registered',
    U: 'final',
    D: 'entered-in-error',
  },
};

/** ORC-5; the order control code decides where it is silent. */
export const orderStatus: CodeTable<string> = {
  number: '0038',
  values: {
    A: 'active',
    CA: 'revoked',
    CM: 'completed',
    DC: 'revoked',
    ER: 'entered-in-error',
    HD: 'on-hold',
    IP: 'active',
    RP: 'revoked',
    SC: 'active',
  },
};

/** ORC-1. */
export const orderControl: CodeTable<string> = {
  number: '0119',
  values: {
    NW: 'active',
    OK: 'active',
    PA: 'active',
    CH: 'active',
    XO: 'active',
    XX: 'active',
    XR: 'active',
    RU: 'active',
    RO: 'active',
    RF: 'active',
    AF: 'active',
    SC: 'active',
    SN: 'active',
    NA: 'active',
    SS: 'active',
    SR: 'active',
    RL: 'active',
    OE: 'active',
    OR: 'active',
    RE: 'completed',
    CN: 'active',
    LI: 'active',
    PR: 'completed',
    HD: 'on-hold',
    OH: 'on-hold',
    CA: 'revoked',
    CR: 'revoked',
    OC: 'revoked',
    DC: 'revoked',
    DR: 'revoked',
    OD: 'revoked',
    RP: 'revoked',
    RQ: 'active',
    UA: 'revoked',
    UC: 'active',
    UD: 'active',
    DE: 'entered-in-error',
    DF: 'revoked',
    FU: 'active',
    PY: 'completed',
  },
};

/** TQ1-9 (0485) and OBR-5, OBR-27.6. */
export const priority: CodeTable<string> = {
  number: '0485',
  values: {
    S: 'stat',
    A: 'asap',
    R: 'routine',
    U: 'urgent',
    P: 'routine',
    T: 'asap',
    C: 'stat',
    PRN: 'routine',
    TS: 'asap',
    TM: 'asap',
    TH: 'asap',
    TD: 'asap',
    TW: 'asap',
    TL: 'asap',
  },
};

/** OBR-24 (0074): which side of the hospital reports. */
const IMAGING = 'RAD RX CT CTH CUS NMR NMS OUS PHR RUS VUS XRC US MR IMG EC CG EN NRS VR';
const LABORATORY = 'LAB BG BLB CH CP CTY CUS HM ICU IMM MB MCB MYC NIC OUS PF PHY PAT SR SP TX VR HLA GE OTH MIC URN';

export function serviceCategory(section: string): 'imaging' | 'laboratory' | undefined {
  if (section === '') return undefined;
  if (IMAGING.split(' ').includes(section)) return 'imaging';
  return LABORATORY.split(' ').includes(section) ? 'laboratory' : undefined;
}

/** RF1-1 (0283) */
export const referralStatus: CodeTable<string> = {
  number: '0283',
  values: { A: 'active', P: 'draft', R: 'revoked', E: 'revoked', C: 'completed' },
};

/** SCH-25 (0278) */
export const appointmentStatus: CodeTable<string> = {
  number: '0278',
  values: {
    BOOKED: 'booked',
    PENDING: 'pending',
    WAITLIST: 'waitlist',
    CANCELLED: 'cancelled',
    CANCELED: 'cancelled',
    NOSHOW: 'noshow',
    COMPLETE: 'fulfilled',
    STARTED: 'arrived',
    OVERBOOK: 'booked',
    BLOCKED: 'booked',
    DC: 'cancelled',
    DELETED: 'entered-in-error',
  },
};

/** RXA-20 (0322) */
export const completionStatus: CodeTable<string> = {
  number: '0322',
  values: { CP: 'completed', PA: 'completed', RE: 'not-done', NA: 'not-done' },
};

/** TXA-17 (0271) */
export const documentStatus: CodeTable<string> = {
  number: '0271',
  values: {
    AU: 'final',
    LA: 'final',
    DI: 'preliminary',
    DO: 'preliminary',
    IN: 'preliminary',
    IP: 'preliminary',
    PA: 'preliminary',
  },
};

/** AL1-2 and IAM-2 (0127) */
export const allergyCategory: CodeTable<string | null> = {
  number: '0127',
  values: {
    DA: 'medication',
    FA: 'food',
    EA: 'environment',
    AA: 'environment',
    PA: 'environment',
    LA: 'environment',
    MA: null,
    MC: null,
  },
};

/** AL1-4 and IAM-4 (0128) */
export const allergySeverity: CodeTable<string | null> = {
  number: '0128',
  values: { SV: 'severe', MO: 'moderate', MI: 'mild', U: null },
};

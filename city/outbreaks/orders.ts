/** Outbreaks that can be switched on. `daysBefore`: first day, counted back from the last, when none is given. */
export const OUTBREAK_KINDS = {
  influenza: { daysBefore: 42, area: '500112', zh: '季节性流感', en: 'Seasonal influenza wave' },
  norovirus: {
    daysBefore: 9,
    area: '500112',
    zh: '学校诺如病毒聚集性疫情',
    en: 'Food-borne norovirus cluster at a school',
  },
  measles: { daysBefore: 24, area: '500106', zh: '输入性麻疹及续发病例', en: 'Imported measles with secondary cases' },
  pneumonia: { daysBefore: 12, area: '500105', zh: '不明原因肺炎', en: 'Unexplained pneumonia' },
} as const;

export type OutbreakKind = keyof typeof OUTBREAK_KINDS;

/** One outbreak as it will happen: kind, day of the first exposure, district where it starts. */
export type OutbreakOrder = { kind: OutbreakKind; startDay: number; area: string };

/**
 * A simulated province of notifiable diseases with known outbreaks, day by day and as it was known on each day: districts of unequal size, seasons that
 * come earlier or later and stronger or weaker each year, weekdays, holidays, trends, overdispersion, reporting delay, and outbreaks of the sizes at which
 * the rules for public-health events ask for a report. For comparing whole systems of detection and ranking, not single charts.
 */
import { type Random, seeded } from './random.ts';

/** How a disease behaves; figures are orders of magnitude of a national notifiable-disease report, not those of any place. */
export type ProvinceDisease = {
  code: string;
  /** Cases per 100,000 and year outside outbreaks. */
  incidence: number;
  /** Logarithmic amplitude and day of the yearly peak, and amplitude of a second peak half a year later. */
  amplitude: number;
  peak: number;
  second?: number;
  /** Standard deviation of the season's strength (logarithm) between years. */
  yearly: number;
  /** Outbreaks: smallest size, how many days the middle half of cases spans, and how often beside other diseases (0 = never). */
  outbreak: { least: number; spread: number; weight: number };
};

/** One outbreak: days of first and last case (indices from 0), and its cases per day from `first` on. */
export type ProvinceOutbreak = {
  disease: number;
  district: number;
  first: number;
  last: number;
  size: number;
};

/** Cases of one disease in one district: per day, and per day those not yet known 0, 1, … 9 days later. */
export type ProvinceSeries = { cases: Uint16Array; later: Uint16Array };

export type Province = {
  days: number;
  districts: number;
  diseases: readonly ProvinceDisease[];
  /** series[disease][district] */
  series: ProvinceSeries[][];
  outbreaks: ProvinceOutbreak[];
};

export type ProvinceSettings = {
  seed: number;
  /** Residents of each district. */
  populations: readonly number[];
  diseases: readonly ProvinceDisease[];
  /** Years of 364 days. Default 5. */
  years?: number;
  outbreaksPerYear?: number;
};

/** Longest reporting delay, days. */
export const LATEST = 10;
const YEAR = 364;
// Share of cases known on the day itself, a day later, …: most within three days, some after a week.
const DELAY = [0.38, 0.27, 0.14, 0.07, 0.05, 0.03, 0.02, 0.02, 0.01, 0.01];
const WEEKDAY = [1.22, 1.1, 1.05, 1.02, 1.03, 0.84, 0.74];
// Two long holidays: people postpone doctors.
const holiday = (day: number): number => {
  const inYear = day % YEAR;
  return (inYear >= 35 && inYear < 42) || (inYear >= 273 && inYear < 280) ? 0.62 : 1;
};

function addCase(series: ProvinceSeries, day: number, random: Random): void {
  series.cases[day]!++;
  let u = random.uniform();
  for (let delay = 0; delay < LATEST; delay++) {
    u -= DELAY[delay]!;
    if (u < 0) return;
    series.later[day * LATEST + delay]!++;
  }
}

/** Draws a province; the same seed gives the same province. */
export function simulateProvince(settings: ProvinceSettings): Province {
  const { seed, populations, diseases, years = 5, outbreaksPerYear = 100 } = settings;
  const days = years * YEAR;
  const province: Province = {
    days,
    districts: populations.length,
    diseases,
    series: diseases.map((disease, index) => simulateDisease(disease, seeded(seed, index + 1), populations, days)),
    outbreaks: [],
  };
  const random = seeded(seed, 0);
  for (let i = 0; i < years * outbreaksPerYear; i++) {
    const found = addProvinceOutbreak(province, random.below(days - 28), random);
    if (found.size > 0) province.outbreaks.push(found);
  }
  return province;
}

function simulateDisease(
  disease: ProvinceDisease,
  random: Random,
  populations: readonly number[],
  days: number,
): ProvinceSeries[] {
  const years = days / YEAR;
  const trend = 0.06 * random.normal();
  const shift = Array.from({ length: years + 1 }, () => Math.round(9 * random.normal()));
  const strength = Array.from({ length: years + 1 }, () => Math.exp(disease.yearly * random.normal()));
  // Weather, school terms, attention: what moves a disease in the whole province for some weeks.
  const common = new Float64Array(Math.ceil(days / 7));
  for (let week = 1; week < common.length; week++) common[week] = 0.85 * common[week - 1]! + 0.07 * random.normal();
  const shape = new Float64Array(days);
  for (let day = 0; day < days; day++) {
    const year = Math.floor(day / YEAR);
    const angle = (2 * Math.PI * (day - disease.peak - shift[year]!)) / YEAR;
    const season = disease.amplitude * strength[year]! * Math.cos(angle) + (disease.second ?? 0) * Math.cos(2 * angle);
    shape[day] =
      Math.exp(season + (trend * day) / YEAR + common[Math.floor(day / 7)]!) * WEEKDAY[day % 7]! * holiday(day);
  }
  const mean = shape.reduce((sum, value) => sum + value, 0) / days;
  return populations.map((population) => {
    const series = { cases: new Uint16Array(days), later: new Uint16Array(days * LATEST) };
    const level = ((population / 1e5) * disease.incidence * Math.exp(0.45 * random.normal() - 0.1)) / YEAR / mean;
    const phi = 1.05 + 0.9 * random.uniform();
    for (let day = 0; day < days; day++)
      for (let n = random.overdispersed(level * shape[day]!, phi); n > 0; n--) addCase(series, day, random);
    return series;
  });
}

/**
 * Adds an outbreak that starts on or soon after a day: a disease by its weight, a district by chance, a size from the reporting rule's least to four times
 * that (log-uniform), and at least three standard deviations of the district's usual weeks: what is smaller hides in them from every method; cases spread as a log-normal (an explosion skewed to the right, or the hump of a chain).
 */
export function addProvinceOutbreak(province: Province, start: number, random: Random): ProvinceOutbreak {
  const { diseases, series, days } = province;
  let u = random.uniform() * diseases.reduce((sum, { outbreak }) => sum + outbreak.weight, 0);
  let disease = 0;
  while (disease < diseases.length - 1 && u >= diseases[disease]!.outbreak.weight)
    u -= diseases[disease++]!.outbreak.weight;
  const { least, spread } = diseases[disease]!.outbreak;
  const district = random.below(province.districts);
  const found = { disease, district, first: days, last: -1, size: 0 };
  const own = series[disease]![district]!.cases;
  let near = 0;
  for (let day = Math.max(0, start - 14); day < Math.min(days, start + 14); day++) near += own[day]!;
  const wanted = Math.round(
    Math.max(least, 3 * Math.sqrt(1.5 * (near / 4))) * Math.exp(random.uniform() * Math.log(4)),
  );
  for (let i = 0; i < wanted; i++) {
    const day = start + Math.floor(spread * Math.exp(0.5 * random.normal()));
    if (day >= days) continue;
    addCase(series[disease]![district]!, day, random);
    found.first = Math.min(found.first, day);
    found.last = Math.max(found.last, day);
    found.size++;
  }
  return found;
}

/**
 * Rolling 7-day windows of a series that end on `day` (newest last), as known in the evening of that day.
 * @param windows how many; those that reach before the first day are left out
 */
export function knownWindows({ cases, later }: ProvinceSeries, day: number, windows = 260): Float64Array {
  const n = Math.min(windows, Math.floor((day + 1) / 7));
  return Float64Array.from({ length: n }, (_, index) => {
    const end = day - (n - 1 - index) * 7;
    let sum = 0;
    for (let d = end - 6; d <= end; d++) {
      sum += cases[d]!;
      if (day - d < LATEST) sum -= later[d * LATEST + day - d]!;
    }
    return sum;
  });
}

const outbreak = (least = 0, spread = 4, weight = 0): ProvinceDisease['outbreak'] => ({ least, spread, weight });
type Row = [
  code: string,
  incidence: number,
  amplitude: number,
  peak: number,
  yearly: number,
  outbreak?: ProvinceDisease['outbreak'],
  second?: number,
];
// Incidence after the yearly national reports of the years before 2020, in round figures and from memory; least sizes after the national rules for
// reporting clusters (by week and school, village or district).
const ROWS: Row[] = [
  ['plague', 0.0005, 0, 0, 0],
  ['cholera', 0.002, 0.8, 210, 0],
  ['covid-19', 60, 0.5, 20, 0.4],
  ['hiv-aids', 5, 0, 0, 0],
  ['hepatitis-a', 1.3, 0.2, 90, 0.1, outbreak(5, 10, 4)],
  ['hepatitis-b', 70, 0.05, 80, 0],
  ['hepatitis-c', 15, 0.05, 80, 0],
  ['hepatitis-e', 2, 0.3, 80, 0.1, outbreak(5, 10, 2)],
  ['novel-influenza', 0.001, 0.5, 20, 0],
  ['measles', 0.3, 0.6, 120, 0.2, outbreak(5, 10, 4)],
  ['haemorrhagic-fever', 0.7, 0.5, 330, 0.2, outbreak(5, 8, 2), 0.3],
  ['rabies', 0.02, 0.1, 230, 0],
  ['japanese-encephalitis', 0.03, 1.6, 215, 0.1, outbreak(5, 8, 1)],
  ['dengue', 0.3, 1.8, 265, 0.4, outbreak(5, 7, 3)],
  ['mpox', 0.1, 0, 0, 0],
  ['anthrax', 0.02, 0.8, 220, 0],
  ['dysentery', 6, 0.9, 205, 0.15, outbreak(10, 2, 6)],
  ['tuberculosis', 55, 0.08, 90, 0],
  ['typhoid', 0.7, 0.5, 220, 0.15, outbreak(5, 6, 3)],
  ['meningococcal', 0.01, 0.6, 70, 0, outbreak(3, 4, 1)],
  ['pertussis', 2, 0.5, 180, 0.3, outbreak(5, 8, 3)],
  ['neonatal-tetanus', 0.005, 0, 0, 0],
  ['scarlet-fever', 5.8, 0.7, 140, 0.25, outbreak(10, 7, 8), 0.5],
  ['brucellosis', 3, 0.6, 140, 0.1, outbreak(3, 8, 2)],
  ['gonorrhoea', 8, 0.1, 240, 0],
  ['syphilis', 38, 0.08, 200, 0],
  ['leptospirosis', 0.02, 1.4, 245, 0.1, outbreak(5, 5, 1)],
  ['schistosomiasis', 0.01, 0.5, 230, 0],
  ['malaria', 0.18, 0.2, 200, 0.1],
  ['influenza', 230, 1.5, 10, 0.35, outbreak(30, 4, 22)],
  ['mumps', 21, 0.35, 160, 0.2, outbreak(10, 9, 14), 0.25],
  ['rubella', 2.3, 0.7, 130, 0.4, outbreak(10, 8, 5)],
  ['haemorrhagic-conjunctivitis', 2.9, 0.6, 255, 0.3, outbreak(10, 4, 3)],
  ['leprosy', 0.02, 0, 0, 0],
  ['typhus', 0.08, 0.6, 240, 0.1],
  ['kala-azar', 0.01, 0, 0, 0],
  ['echinococcosis', 0.3, 0.1, 330, 0.1],
  ['filariasis', 0.0005, 0, 0, 0],
  ['hand-foot-mouth', 130, 0.9, 165, 0.3, outbreak(10, 5, 16), 0.5],
  ['infectious-diarrhoea', 95, 0.25, 220, 0.15, outbreak(20, 2, 14), 0.3],
];

/** Forty notifiable diseases, common and rare. */
export const PROVINCE_DISEASES: ProvinceDisease[] = ROWS.map(
  ([code, incidence, amplitude, peak, yearly, outbreaks = outbreak(), second = 0]) => ({
    code,
    incidence,
    amplitude,
    peak,
    yearly,
    outbreak: outbreaks,
    second,
  }),
);

/**
 * Answers of the watch: the statistics side of `/api/surveillance`. Days are `YYYY-MM-DD` in Asia/Shanghai, weeks ISO 8601 (Monday to Sunday).
 * A gap (nobody was heard) is null, never zero.
 */
import type { ChannelState, SignalSummary, Words } from './surveillance.ts';

/** Legal class of a disease; `new`: new or of unknown cause; `local`: watched by the region beyond the law. */
export type DiseaseClass = 'A' | 'B' | 'C' | 'new' | 'local';

export type Named = { code: string } & Words;
export type WeekName = { year: number; week: number; from: string; to: string };

/** A sum over days of which `known` were heard; `n` is null when none was. */
export type SpanCount = { n: number | null; known: number; days: number };
export type SituationDisease = Named & {
  class: DiseaseClass;
  /** This week so far, the same days of the week before, and the same days a year before (same weekday, nearest date). */
  now: SpanCount;
  before: SpanCount;
  yearBefore: SpanCount;
  /** Whole ISO weeks, oldest first, the running one last. */
  weeks: (number | null)[];
  openSignals: number;
};
export type Situation = {
  week: WeekName;
  before: { from: string; to: string };
  yearBefore: { from: string; to: string };
  weekStarts: string[];
  diseases: SituationDisease[];
  channels: (Named & { state: ChannelState; lastDay: string | null; completeness: number | null })[];
  clocks: {
    signals: { open: number; overdue: number; nextDue: string | null };
    cards: { open: number; overdue: number; nextDue: string | null };
  };
  top: SignalSummary[];
};

/** Where a denominator comes from: the platform's own index of residents, or official figures that an administrator entered. */
export type PopulationSource = 'registered' | 'official';
export type MapTile = { area: string; column: number; row: number; from: string | null; until: string | null };
export type MapArea = Words & {
  area: string;
  /** Without the kind of area, for a small tile. */
  short: Words;
  population: number | null;
  source: PopulationSource | null;
  /** The code is no longer issued on the map's last day. */
  until: string | null;
  /** Per week; null is a gap: none of the area's institutions was heard on 5 days. */
  weeks: (number | null)[];
};
export type ScanCluster = {
  model: 'space-time-permutation' | 'spatial-poisson';
  centre: string;
  areas: string[];
  /** Days of the window, which ends on `to`. */
  from: string;
  to: string;
  cases: number;
  expected: number;
  relativeRisk: number;
  p: number;
  /** Days between chance findings this strong, at one look a day; null for the purely spatial model. */
  recurrenceDays: number | null;
  radiusKm: number;
};
export type RiskMap = {
  channel: Named;
  topic: Named;
  topics: (Named & { channel: string; channelName: Words })[];
  weeks: WeekName[];
  areas: MapArea[];
  tiles: MapTile[];
  /** Cases whose area is on no tile: unknown, outside, or a code of no district. */
  elsewhere: number;
  clusters: ScanCluster[];
  scannedAt: string | null;
  populationAt: string | null;
  boundaries: boolean;
  /** Below so many cases a rate is not shown. */
  fewest: number;
};

export type Refused = { reason: string } & Words;
export type EstimateSummary = {
  disease: Named;
  area: Named;
  madeAt: string;
  cases: number;
  rt: { day: string; median: number; low: number; high: number } | null;
  refused: Refused | null;
};
export type Estimate = EstimateSummary & {
  serialInterval: { mean: number; sd: number; source: string } | null;
  nowcast:
    | {
        day: string;
        known: number;
        median: number;
        low: number;
        high: number;
        /** Estimated share of the day's cases that is known by now. */
        complete: number;
      }[]
    | null;
  nowcastRefused: Refused | null;
  rtSeries: { day: string; median: number; low: number; high: number; cases: number }[] | null;
  rtRefused: Refused | null;
  forecast: { day: string; median: number; low50: number; high50: number; low: number; high: number }[] | null;
  forecastRefused: Refused | null;
  /** Left out because the onset lay after the report. */
  excluded: number;
};

export type RuleMethod =
  | 'seasonal-regression'
  | 'farrington-flexible'
  | 'ears-c1'
  | 'ears-c2'
  | 'ears-c3'
  | 'bayes'
  | 'rki'
  | 'moving-percentile'
  | 'fixed-threshold';
/** `alpha`: false alarms per week without an outbreak; `percentile` a share; `cases` the fixed threshold; `fewest` no alarm below. */
export type RuleSettings = {
  method: RuleMethod;
  alpha?: number;
  percentile?: number;
  years?: number;
  cases?: number;
  fewest: number;
};
/** `area` is a code, 'region' (the whole) or '*' (every area by itself). */
export type RuleScope = { channel: string; topic: string; area: string };
export type BackTest = {
  from: string;
  to: string;
  /** Series that the method could judge, and those it refused (too short, no counts). */
  series: number;
  refusedSeries: number;
  refused: Refused | null;
  weeks: number;
  alarmWeeks: number;
  /** Consecutive alarm weeks of a series are one signal: the inbox that the rule would have made. */
  signals: number;
  signalsPerYear: number;
  /** Signals of the inbox that coincide with one that people found to be an outbreak, and those that they excluded. */
  confirmed: { found: number; known: number };
  excluded: { raised: number; known: number };
  /** Outbreaks added to the city's own past, by size in standard deviations of the baseline. */
  injected: { size: number; outbreaks: number; found: number; medianWeeks: number | null }[];
  inbox: { area: Named; from: string; to: string; observed: number; bound: number | null }[];
};
export type RuleVersion = RuleScope & {
  id: string;
  version: number;
  settings: RuleSettings;
  note: string | null;
  who: string;
  at: string;
  backTest: BackTest | null;
  inForce: boolean;
};
export type RuleAct = {
  act: 'enable' | 'disable' | 'undo';
  version: number | null;
  reason: string;
  who: string;
  at: string;
};
export type RulePage = {
  scope: RuleScope;
  topicName: Named;
  areaName: Named;
  versions: RuleVersion[];
  acts: RuleAct[];
  inForce: RuleVersion | null;
  canUndo: boolean;
  may: boolean;
};
export type RuleList = {
  inForce: (RuleVersion & { topicName: Named; areaName: Named })[];
  drafts: (RuleVersion & { topicName: Named; areaName: Named })[];
  topics: (Named & { channel: string; channelName: Words })[];
  areas: Named[];
  methods: RuleMethod[];
};

export type PerformanceWeek = {
  week: WeekName;
  signals: number;
  suspected: number;
  within2h: number;
  within24h: number;
};
export type Performance = {
  from: string;
  to: string;
  signals: number;
  singleCase: number;
  statistical: number;
  /** Acknowledged at all; in two hours; in 24 hours of being formed. */
  responded: number;
  within2h: number;
  within24h: number;
  /** Signals whose two hours, or 24, have passed or that were answered before: the others cannot be late yet. */
  due2h: number;
  due24h: number;
  medianResponseHours: number | null;
  judged: number;
  suspected: number;
  outbreaks: number;
  missed: { id: string; disease: Named; area: Named; from: string; note: string; who: string }[];
  medianDaysToSignal: number | null;
  weeks: PerformanceWeek[];
  topics: (Named & { signals: number; judged: number; suspected: number; outbreaks: number })[];
};

export type BulletinDisease = Named & {
  /** '' for a syndrome. */
  class: DiseaseClass | '';
  week: number | null;
  before: number | null;
  yearBefore: number | null;
  toDate: number;
  toDateYearBefore: number;
  /** Per 100,000 residents; null with fewer than 5 cases or without a denominator. */
  rate: number | null;
  weeks: (number | null)[];
};
export type Bulletin = {
  week: WeekName;
  complete: boolean;
  earliest: WeekName;
  latest: WeekName;
  weekStarts: string[];
  population: number | null;
  populationSource: PopulationSource | null;
  diseases: BulletinDisease[];
  syndromes: BulletinDisease[];
  laboratory: BulletinDisease[];
  signals: { formed: number; open: number; suspected: number; outbreaks: number; list: SignalSummary[] };
  channels: (Named & { state: ChannelState; completeness: number | null })[];
};

/** Outlines of areas from the operator's boundary file: polygons of rings of [longitude, latitude], the first ring of each outside. */
export type Boundaries = { items: { area: string; polygons: [number, number][][][] }[] };

/** The past of a signal's series: the same 7-day windows in earlier years (by weekday and date), and what the family's other channels show. */
export type SignalPast = {
  to: string[];
  now: (number | null)[];
  years: { yearsBack: number; counts: (number | null)[] }[];
  channels: { channel: Words; topic: Words; counts: (number | null)[] }[];
};

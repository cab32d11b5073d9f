/**
 * @hutong/epi: outbreak detection, reproduction numbers, nowcasting and scan statistics. Pure functions on typed arrays.
 *
 * Counts are a Float64Array per unit of time, oldest first; NaN is a gap (a silent channel), never a zero. A negative count, a
 * history too short or a setting out of range comes back as a `Refusal` value (`isRefusal` tells); nothing is thrown for them.
 * Indices count from 0, ranges are half-open, random numbers come from a seed. Each function's own comment gives its formula,
 * units and paper. Worker-parallel forms of the heavy jobs are behind a second door, `@hutong/epi/parallel`, so that this one
 * needs nothing but the language.
 */

export { anscombeNegativeBinomial } from './anscombe-negative-binomial.ts';
export { BAYES_1, BAYES_2, BAYES_3, type BayesDetection, type BayesSettings, bayes } from './bayes.ts';
export {
  type FixedThresholdSettings,
  fixedThreshold,
  type MovingPercentileDetection,
  type MovingPercentileSettings,
  movingPercentile,
  quantileType7,
} from './cidars.ts';
export { type CusumDetection, type CusumSettings, type CusumTransform, cusum } from './cusum.ts';
export {
  betaCdf,
  betaQuantile,
  fCdf,
  fQuantile,
  incompleteBeta,
  studentCdf,
  studentQuantile,
  studentTwoSided,
} from './distributions/beta.ts';
export {
  negativeBinomialAtLeast,
  negativeBinomialCdf,
  negativeBinomialMass,
  negativeBinomialQuantile,
  poissonAtLeast,
  poissonCdf,
  poissonMass,
  poissonQuantile,
} from './distributions/counts.ts';
export { gammaCdf, gammaQuantile, gammaUpper } from './distributions/gamma.ts';
export { normalCdf, normalQuantile, normalUpper } from './distributions/normal.ts';
export { logGamma } from './distributions/saddle-point.ts';
export { type EarsSettings, ears } from './ears.ts';
export { type Dependence, type Discoveries, falseDiscovery } from './false-discovery.ts';
export {
  FARRINGTON_IMPROVED,
  type FarringtonDetection,
  type FarringtonFlexibleSettings,
  type FarringtonWorkspace,
  farringtonFlexible,
  farringtonWorkspace,
} from './farrington/flexible.ts';
export { type FarringtonSettings, farrington, type OriginalFarringtonDetection } from './farrington/original.ts';
export type { PowerTransform } from './farrington/threshold.ts';
export { cauchyCombination, type Fused, kostBrown } from './fusion.ts';
export { fitNegativeBinomial, type NegativeBinomialFit } from './glm/negative-binomial.ts';
export { type Design, fitPoisson, harmonicDesign, type PoissonFit } from './glm/poisson.ts';
export { type GlrDetection, type GlrSettings, glr } from './glr.ts';
export {
  dateOfDay,
  dayNumber,
  type IsoWeek,
  isoWeekOfDay,
  mondayOf,
  sameWeekdayYearsBefore,
  weekday,
  weeklySeries,
  weeksInIsoYear,
} from './iso-week.ts';
export { RECOMMENDED, SCORED_METHODS, type ScoredMethod } from './methods.ts';
export { type BayesNowcastSettings, nowcastBayes } from './nowcast/bayes.ts';
export { type LawlessSettings, nowcastLawless } from './nowcast/lawless.ts';
export type { Nowcast } from './nowcast/predictive.ts';
export { type ReportedCases, reportingTriangle, type Triangle, type TriangleSettings } from './nowcast/triangle.ts';
export { type OutbreakPDetection, type OutbreakPSettings, outbreakP } from './outbreak-p.ts';
export {
  addProvinceOutbreak,
  knownWindows,
  LATEST,
  PROVINCE_DISEASES,
  type Province,
  type ProvinceDisease,
  type ProvinceOutbreak,
  type ProvinceSeries,
  type ProvinceSettings,
  simulateProvince,
} from './province.ts';
export { type Random, seeded } from './random.ts';
export type { ReferenceSettings } from './reference-values.ts';
export { type RelativeSettings, relativeExcess } from './relative.ts';
export { RKI_1, RKI_2, RKI_3, type RkiSettings, rki } from './rki.ts';
export {
  type CoriSettings,
  coriRt,
  type Incidence,
  infectiousness,
  RT_QUANTILES,
  type RtEstimates,
  type SerialInterval,
} from './rt/cori.ts';
export { discreteSerialInterval, meanInterval } from './rt/serial-interval.ts';
export { type CaseReproduction, type WallingaTeunisSettings, wallingaTeunis } from './rt/wallinga-teunis.ts';
export {
  type PermutationScanResult,
  type PermutationScanSettings,
  permutationScan,
  type SpaceTimeCases,
  type SpaceTimeCluster,
} from './scan/permutation.ts';
export {
  type CentreBest,
  type Cluster,
  type PoissonScanSettings,
  poissonScan,
  type ScanResult,
  scanLlr,
} from './scan/poisson.ts';
export { circularZones, type Places, type ZoneLimit, type Zones } from './scan/zones.ts';
export { type Score, scoreMethod } from './scoring.ts';
export {
  midP,
  type SeasonalDetection,
  type SeasonalRegressionSettings,
  seasonalRegression,
} from './seasonal/detect.ts';
export { type Detection, isRefusal, type Range, type Refusal } from './series.ts';
export {
  addOutbreak,
  NOUFAILY_SCENARIOS,
  type Outbreak,
  type Replicate,
  type Scenario,
  scenarioMean,
  simulateReplicate,
} from './simulate.ts';

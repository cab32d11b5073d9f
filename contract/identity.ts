/**
 * The master index as the console sees it: all under `/api/identity`. Times are ISO 8601, days `YYYY-MM-DD` in Asia/Shanghai; ids are opaque
 * text, safe in an address. Numbers and telephones come masked unless the request says `?unmasked=yes` (noted in the audit as such).
 * Weights are log2 odds ("bits"): 0 = as likely one person as two, each bit doubles the odds.
 */
export type IdentityWords = { zh: string; en: string };
export type InstitutionName = { code: string; nameZh: string; nameEn: string };

/**
 * open: nobody has decided · awaiting-second: one of two needed people has said "link" · linked, separate: decided · unsure: put aside by a person ·
 * settled: it went away by itself (another decision, a corrected message), or the first decision was undone and the evidence no longer asks for it
 */
export type PairState = 'open' | 'awaiting-second' | 'linked' | 'separate' | 'unsure' | 'settled';

/** Why a pair is in the queue. */
export type PairReason =
  | 'score'
  | 'number-contradicts-name'
  | 'number-contradicts-sex'
  | 'number-contradicts-birth-date'
  | 'same-birth-other-name'
  | 'two-residents-fit';

/** One line of the queue. `left` and `right` are residents' masked names with what tells them apart. */
export type PairSummary = {
  id: string;
  state: PairState;
  reason: { code: PairReason } & IdentityWords;
  weight: number;
  /** 0 to 1, from the weight. */
  probability: number;
  foundAt: string;
  left: PairSide;
  right: PairSide;
};
export type PairSide = {
  source: string;
  resident: string;
  name: string | null;
  sex: string | null;
  birthDate: string | null;
  institution: InstitutionName;
};

/**
 * GET /api/identity/pairs?state=open&reason=&after=<cursor>&limit=50 → PairPage (identity.read), the strongest evidence first.
 * `counts` of all states; `oldestAt` of the open ones.
 */
export type PairPage = {
  items: PairSummary[];
  next: string | null;
  counts: Record<PairState, number>;
  oldestAt: string | null;
};

/** same: equal · near: a spelling, a slip, a sound · conflict: says something else · missing: one side is silent and it does not count */
export type Agreement = 'same' | 'near' | 'conflict' | 'missing';

/** One field of the two cards side by side. `bits`: what it adds to the sum; `level` the comparator's own word for it. */
export type FieldEvidence = {
  field: 'name' | 'sex' | 'birthDate' | 'number' | 'documents' | 'phone' | 'address';
  label: IdentityWords;
  left: string | null;
  right: string | null;
  agreement: Agreement;
  level: string;
  bits: number;
} & IdentityWords;

/** One bar of the waterfall: `sum` is where the total stands after it. */
export type WaterfallStep = {
  kind: 'prior' | 'field' | 'rarity' | 'dependence' | 'rival';
  field: string | null;
  bits: number;
  sum: number;
} & IdentityWords;

/** A source identity: the person as one institution knows them. */
export type IdentityCard = {
  source: string;
  resident: string;
  institution: InstitutionName;
  authority: string;
  localId: string;
  name: string | null;
  formerNames: Alias[];
  sex: string | null;
  birthDate: string | null;
  number: string | null;
  documents: { type: { code: string } & IdentityWords; number: string }[];
  phone: string | null;
  address: string | null;
  ethnicGroup: string | null;
  deceased: string | null;
  since: string;
  lastAt: string;
  /** Why it belongs to its resident. */
  how: { rule: LinkRule } & IdentityWords;
};

export type LinkRule =
  | 'resident-number'
  | 'local-id'
  | 'merged-by-institution'
  | 'probabilistic'
  | 'linked-by-person'
  | 'separated-by-person'
  | 'number-contradicts-birth-date'
  | 'number-contradicts-sex'
  | 'number-contradicts-name'
  | 'number-overused';

/** What somebody was called, or which number they had, and from when until when (valid time; `to` null: still). */
export type Alias = {
  kind: 'name' | 'number' | 'document' | 'phone';
  value: string;
  from: string | null;
  to: string | null;
};

export type ActKind = 'link' | 'separate' | 'unsure' | 'merge' | 'split' | 'unlink' | 'undo';

/** A decision, kept for ever. An engine's link names the model and the weight; an undo names what it undoes. */
export type IdentityAct = {
  id: string;
  kind: ActKind;
  at: string;
  by: { kind: 'staff' | 'engine' | 'institution'; name: string };
  reason: ({ code: string } & IdentityWords) | null;
  note: string | null;
  model: string | null;
  weight: number | null;
  left: string[];
  right: string[];
  undone: { at: string; by: string; act: string } | null;
  /** The act waits for a second person (two-person approval). */
  awaitsSecond: boolean;
};

/** A pointer that moved: which source went from which resident to which, and by what rule. */
export type IdentityMove = {
  at: string;
  source: string;
  from: string | null;
  to: string;
  rule: { rule: LinkRule } & IdentityWords;
};

/** GET /api/identity/pairs/:id → PairDetail (identity.review; both people's looks are noted). GET /api/identity/next?skip=<id,id> → { pair: PairDetail | null }: the next one, to have it loaded already. */
export type PairDetail = PairSummary & {
  /** Two or more: the two in question first, then whoever is already with either of them. */
  cards: IdentityCard[];
  fields: FieldEvidence[];
  waterfall: WaterfallStep[];
  model: string;
  thresholds: { review: number; automatic: number };
  /** What went before for either side, newest first. */
  acts: IdentityAct[];
  moves: IdentityMove[];
  /** Someone of the two is in hospital or at a visit now: linking waits until it ends (`link` is refused with HT-IDENTITY-002). */
  openEncounters: { source: string; institution: InstitutionName; since: string | null; class: string | null }[];
  approval: { needed: 1 | 2; given: { by: string; at: string }[] };
  may: { link: boolean; separate: boolean; unsure: boolean; undo: string | null };
  reasons: ({ code: string; for: 'link' | 'separate' | 'unsure' } & IdentityWords)[];
  /** Send it back with the decision: a pair that somebody else decided in between is refused (HT-INPUT-006). */
  version: number;
};

/** POST /api/identity/pairs/:id/decide PairDecision → PairDetail. Keys on the screen: L link, S separate, N not sure. */
export type PairDecision = {
  decision: 'link' | 'separate' | 'unsure';
  reason: string;
  note?: string;
  version: number;
};

/** POST /api/identity/acts/:id/undo { reason, note? } → { act: IdentityAct, moved: IdentityMove[] }; at any later time, and exactly what it did is taken back. */
export type UndoResult = { act: IdentityAct; moved: IdentityMove[] };

/**
 * GET /api/identity/residents/:id → ResidentIdentity (identity.read). A resident that was merged away answers with the one it lives on in (`id` differs from what was asked).
 * POST /api/identity/merge { residents: [keep, other], reason, note? } → UndoResult
 * POST /api/identity/residents/:id/split { sources: string[], reason, note? } → UndoResult
 * POST /api/identity/sources/:id/unlink { reason, note? } → UndoResult
 */
export type ResidentIdentity = {
  id: string;
  /** Ids that once meant this resident. */
  formerIds: string[];
  golden: GoldenRecord;
  cards: IdentityCard[];
  aliases: Alias[];
  acts: IdentityAct[];
  moves: IdentityMove[];
  openPairs: string[];
};

/** The best value of each field, whose it is and by which rule of survivorship (the rules are data). */
export type GoldenRecord = Record<
  'name' | 'sex' | 'birthDate' | 'number' | 'phone' | 'address' | 'ethnicGroup' | 'deceased',
  { value: string | null; source: string | null; rule: { code: string } & IdentityWords }
>;

/** GET /api/identity/summary → IdentitySummary (identity.read). */
export type IdentitySummary = {
  residents: number;
  sources: number;
  pairs: Record<PairState, number>;
  /** Last 30 days. */
  decided: { byPeople: number; byEngine: number; undone: number; medianMinutes: number | null };
  model: string;
  thresholds: { review: number; automatic: number };
  twoPeople: boolean;
  /** Blocks too large to look through, by key; nobody was compared in them. */
  skippedBlocks: { key: string; blocks: number; records: number; largest: number }[];
};

/** GET /api/identity/models → { items: IdentityModel[] } (identity.read). POST /api/identity/models/learn { reason } → IdentityModel (identity.manage): the decided pairs move the weights, kept as a new version. POST /api/identity/models/:version/use { reason } → IdentityModel. */
export type IdentityModel = {
  version: string;
  madeAt: string;
  /** 'shipped', or whose decisions it was re-estimated from. */
  origin: string;
  basedOn: string | null;
  learnedFrom: { linked: number; separate: number };
  inUse: boolean;
  thresholds: { review: number; automatic: number };
  weights: { field: string; level: string; m: number; u: number; bits: number }[];
};

/** GET /api/identity/tracers → { items: Tracer[] }; POST /api/identity/tracers { institution: code, allowed } → the same (identity.manage): institutions whose systems may trace. */
export type Tracer = { institution: InstitutionName; since: string; by: string };

/** POST /api/identity/trace TraceQuery → { candidates: TraceCandidate[], skipped: number } (identity.trace); without the permission it is refused. */
export type TraceQuery = {
  name?: string;
  sex?: string;
  birthDate?: string;
  number?: string;
  phone?: string;
  address?: string;
  documents?: { type: string; number: string }[];
};
export type MatchGrade = 'certain' | 'probable' | 'possible' | 'certainly-not';
export type TraceCandidate = {
  resident: string;
  grade: MatchGrade;
  /** 0 to 1. */
  score: number;
  weight: number;
  golden: GoldenRecord;
};

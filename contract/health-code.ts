/**
 * The health code: what counters, card machines and the resident's own app ask, and what comes back. All under `/api`; times are ISO 8601.
 * Refusals have the one shape of `console.ts` (ApiError) with a code `HT-CODE-…` of `errors.ts`, and `returnCode`, the four digits that
 * card-centre interfaces are used to.
 */

/** What a counter may scan or type. `own` is shown by the resident, `proxy` by a family member; both are signed and good for one use. */
export type CodeKind =
  | 'own'
  | 'proxy'
  | 'printed'
  | 'static'
  | 'dynamic'
  | 'temporary'
  | 'insurance'
  | 'document'
  | 'hospital-card';

/** What the scanner may do with what it scanned; decided by the kind of code and the scanner's role. */
export type Permit = 'identify' | 'register' | 'dispense' | 'settle' | 'open-record';
export const permits: readonly Permit[] = ['identify', 'register', 'dispense', 'settle', 'open-record'];

/** Care steps of the e-health-card interfaces. */
export const careSteps = ['010101', '010102', '010103', '010104', '010105', '010106', '010107', '000000'] as const;
export type CareStep = (typeof careSteps)[number];
/** 01 window, 02 kiosk, 99 other. */
export type Channel = '01' | '02' | '99';

/** 0 cancelled, 1 normal, 2 to be reviewed, 3 rejected, 4 certified without QR, 5 unregistered. */
export type CardState = 0 | 1 | 2 | 3 | 4 | 5;

/** POST /api/health-code/scan (permission codes.scan) → ScanAnswer. `as` says what the text is when the counter knows better than its form. */
export type ScanRequest = {
  code: string;
  as?: 'auto' | 'document' | 'hospital-card';
  step?: CareStep;
  channel?: Channel;
  terminal?: string;
};

export type ScanAnswer = {
  at: string;
  kind: CodeKind;
  resident: {
    id: string;
    /** Masked; whole only where a hospital's system registers with a code that was shown live. */
    name: string;
    sex: string;
    age: string;
    documentNumber: string;
    deceased: boolean;
  };
  /** Who held the code up, when it was not the resident. */
  presentedBy: { name: string; relation: Relation } | null;
  cardState: CardState | null;
  permitted: Permit[];
  /** What this code could not give, each with its reason. */
  withheld: { permit: Permit; zh: string; en: string }[];
};

export type Relation = 'parent' | 'guardian' | 'child' | 'spouse' | 'carer';
export const relations: readonly Relation[] = ['parent', 'guardian', 'child', 'spouse', 'carer'];

/** GET /api/health-code/keys (public): what a terminal needs to check our own codes without asking. SM2 points are 130 hexadecimal digits. */
export type PublishedKeys = {
  issuer: string;
  signerId: string;
  keys: { id: string; publicKey: string; current: boolean }[];
};
/** GET /api/health-code/revoked (public): handles whose codes are void, signed as `issuer|issuedAt|handle,handle…` over UTF-8. */
export type RevocationList = { issuer: string; issuedAt: string; keyId: string; handles: string[]; signature: string };

/** GET /api/my (permission codes.own) → the resident as they know themselves. */
export type MyCode = {
  id: string;
  name: string;
  sex: string;
  birthDate: string | null;
  documentNumber: string;
  family: FamilyMember[];
  printed: PrintedCode[];
  /** How long codes fetched now can be shown without a network. */
  offlineMinutes: number;
};
/** `id` names the person whose code may be shown. */
export type FamilyMember = { id: string; name: string; relation: Relation; age: string; since: string };
export type PrintedCode = { serial: string; madeAt: string; until: string; revokedAt: string | null };

/** POST /api/my/codes {person?: string, count?: 1–15} → codes for the following minutes, each good for one use within its own 60 s. */
export type MyCodes = { now: string; offlineUntil: string; codes: { text: string; from: string; until: string }[] };
/** POST /api/my/printed {person?: string} → the text to print: it says who somebody is and opens nothing. POST /api/my/printed/revoke {serial}. */
export type PrintedText = PrintedCode & { text: string };
/** POST /api/my/lost → everything shown, printed or photographed until now is void. POST /api/my/family/end {person}. */
export type LostAnswer = { revoked: number };

/** GET /api/my/scans?before= → { items: MyScan[], next: string|null }: newest first, the refused ones too. */
export type MyScan = {
  at: string;
  person: string | null;
  kind: CodeKind;
  institution: { nameZh: string; nameEn: string } | null;
  who: string;
  step: CareStep;
  channel: Channel;
  /** null: it was taken; otherwise the refusal's code and its words. */
  refused: { code: string; zh: string; en: string } | null;
  permitted: Permit[];
  presentedBy: string | null;
};

/**
 * GET /api/health-code/expected-visits (permission connections.read) → scans of the last `days` days and whether the institution sent anything about the
 * person after them; `missing`: nothing within `hours`, newest first, 200 at most. Staff of an institution see their own. No names.
 */
export type ExpectedVisits = {
  hours: number;
  days: number;
  institutions: {
    institution: { code: string; nameZh: string; nameEn: string };
    scans: number;
    followed: number;
    missing: number;
    /** From the scan to the first thing sent. */
    medianMinutes: number | null;
  }[];
  missing: {
    at: string;
    institution: { code: string; nameZh: string; nameEn: string };
    step: CareStep;
    channel: Channel;
    /** A CodeKind, or `use` for a use that the institution reported itself. */
    kind: string;
  }[];
};

/** What is said of a person at registration. Dates `YYYY-MM-DD`; `documentType` by CV02.01.101. */
export type CardRegistration = {
  documentType: string;
  documentNumber: string;
  name: string;
  phone?: string;
  sex?: 'male' | 'female' | 'unknown';
  birthDate?: string;
};
/** POST /api/card-centre/register-batch { people: CardRegistration[] } (100 at most; permission codes.serve) → one answer each, in their order. */
export type CardBatchAnswer = {
  returnCode: string;
  items: ({ cardId: string; state: CardState } | { code: string; zh: string; en: string; returnCode: string })[];
};

/** GET /api/card-centre/waiting (permission codes.serve) → registrations of the caller's institution in state 2, oldest first. */
export type WaitingCards = {
  items: {
    cardId: string;
    madeAt: string;
    documentType: string;
    /** Masked, like the name. */
    documentNumber: string;
    name: string;
    /** What the master index knows under this document, masked: why somebody has to look. */
    knownAs: string[];
    /** Whoever registered it does not review it. */
    mayReview: boolean;
  }[];
};

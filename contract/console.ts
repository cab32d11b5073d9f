/**
 * What the console asks the server, and what comes back. All under `/api`, session cookie + `X-Hutong: 1` header (a
 * header a foreign page cannot send without CORS, so it stands as the CSRF guard). Times are ISO 8601 with offset.
 * Errors of every route have one shape: {@link ApiError} with the HTTP status of its code in `errors.ts`.
 */
export type ApiError = { code: string; zh: string; en: string; fix?: { zh: string; en: string }; traceId: string };

export type Role =
  | 'integrator'
  | 'clinician'
  | 'epidemiologist'
  | 'administrator'
  | 'primary-care'
  | 'prevention'
  | 'auditor'
  | 'operator'
  | 'resident';

/** GET /api/session → 200 Session, 401 when nobody is logged in. Login starts at GET /login?as=<demo login>&to=<path>. POST /api/logout. */
export type Session = {
  id: string;
  nameZh: string;
  nameEn: string;
  role: Role;
  institution: { code: string; nameZh: string; nameEn: string } | null;
  /** What this caller may open; the menu shows only these. */
  permissions: string[];
  demo: boolean;
};

/** GET /api/tour (public): what the landing page shows. `logins` is empty outside demo mode. */
export type Tour = {
  demo: boolean;
  city: { residents: number; institutions: number; messages: number; resources: number; events: number };
  logins: {
    role: Role;
    login: string;
    nameZh: string;
    nameEn: string;
    doesZh: string;
    doesEn: string;
    startAt: string;
  }[];
};

/** POST /api/tour/fever-case (demo only) → 202 {traceId}: a fever clinic's HL7 v2 message goes over MLLP. Then GET /api/tour/trace/:id until `done`. */
export type Trace = {
  id: string;
  done: boolean;
  steps: {
    at: string;
    kind:
      | 'sent'
      | 'stored'
      | 'acknowledged'
      | 'translated'
      | 'resident-found'
      | 'record-written'
      | 'event-published'
      | 'read-by-service'
      | 'held';
    zh: string;
    en: string;
    detail?: string;
    milliseconds: number;
  }[];
};

/** GET /api/connections?window=24h → { connections: Connection[] } (permission connections.read; an integrator sees own institution). */
export type Connection = {
  institution: { code: string; nameZh: string; nameEn: string; area: string; tier: number };
  protocol: 'hl7v2-mllp' | 'hl7v2-http' | 'fhir' | 'cda' | 'files' | 'registration';
  lastMessageAt: string | null;
  taken: number;
  held: number;
  refused: number;
  duplicates: number;
  /** Median seconds between the sender's time and receipt. */
  delaySeconds: number | null;
  /** Messages per hour, oldest first, 24 values. */
  hourly: number[];
  state: 'healthy' | 'quiet' | 'failing' | 'never';
};

export type InboxState = 'waiting' | 'done' | 'held' | 'refused' | 'replayed' | 'dismissed';

/** GET /api/inbox?state=&institution=&protocol=&kind=&rule=&q=<control id>&before=<cursor>&limit=50 → { items: InboxItem[], next: string|null, counts: Record<InboxState, number>, rules: {rule, zh, en, count}[] } */
export type InboxItem = {
  id: string;
  receivedAt: string;
  sentAt: string | null;
  institution: { code: string; nameZh: string; nameEn: string } | null;
  sender: string;
  protocol: Connection['protocol'];
  kind: string;
  controlId: string;
  bytes: number;
  state: InboxState;
  rule: string | null;
  zh: string | null;
  en: string | null;
  tries: number;
};

/** GET /api/inbox/:id → InboxMessage. `raw` is the text as received (decoded for display); opening it is audited. */
export type InboxMessage = InboxItem & {
  raw: string;
  charset: string;
  rawSm3: string;
  acknowledgement: string;
  issues: { severity: 'error' | 'warning'; rule: string; path: string; zh: string; en: string }[];
  unmapped: { path: string; count: number }[];
  written: { resourceType: string; id: string; version: number }[];
  history: { at: string; who: string; what: string; zh: string; en: string }[];
};
/** POST /api/inbox/:id/replay {raw?: string, reason: string} → InboxMessage (a corrected text is kept beside the original, never over it). POST /api/inbox/:id/dismiss {reason}. POST /api/inbox/replay {rule} → {replayed, done, held}. */

/** GET /api/unmapped?offset= → { rows: UnmappedRow[], total, next }: what arrives and has no place yet, most frequent first; `next` is the offset of the next page. */
export type UnmappedRow = {
  institution: { code: string; nameZh: string; nameEn: string } | null;
  protocol: string;
  kind: string;
  path: string;
  count: number;
  lastAt: string;
};

/** POST /api/residents/search {query} (a POST: no personal data in URLs) → { items: ResidentHit[], total }. Query: name, resident number, phone or local id. */
export type ResidentHit = {
  id: string;
  name: string;
  sex: 'male' | 'female' | 'other' | 'unknown';
  birthDate: string | null;
  age: string;
  ageEn: string;
  number: string | null;
  phone: string | null;
  area: string | null;
  institutions: number;
  lastEventAt: string | null;
  /** Whether the caller may open the record now, and on which ground. */
  access: AccessGround;
};

export type AccessGround = {
  allowed: boolean;
  ground:
    | 'care-relationship'
    | 'own-institution'
    | 'public-health'
    | 'break-glass'
    | 'presented-code'
    | 'own-record'
    | 'audit'
    | 'none';
  zh: string;
  en: string;
  until: string | null;
  canBreakGlass: boolean;
};
/** POST /api/residents/:id/break-glass {reasonCode: 'emergency'|'unconscious'|'public-health'|'other', text} → AccessGround (for 4 hours; audited and listed for review). */

/** GET /api/residents/:id → Resident360 (front page, 国卫办基层发〔2024〕15号: identity marks, basic information, service record). 403 with AccessGround when not allowed. */
export type Resident360 = {
  id: string;
  access: AccessGround;
  banner: {
    name: string;
    sex: string;
    birthDate: string | null;
    age: string;
    ageEn: string;
    number: string | null;
    phone: string | null;
    address: string | null;
    ethnicGroup: string | null;
    bloodType: string | null;
    allergies: { zh: string; en: string; severity: string | null }[];
    deceased: string | null;
  };
  marks: {
    kind: 'maternal' | 'child' | 'elder' | 'chronic' | 'notifiable' | 'allergy' | 'deceased';
    zh: string;
    en: string;
    since: string | null;
    source: { resourceType: string; id: string } | null;
  }[];
  identities: {
    institution: { code: string; nameZh: string; nameEn: string };
    localId: string;
    since: string;
    how: string;
  }[];
  problems: { code: string; zh: string; en: string; since: string | null; status: string; institution: string }[];
  medicines: {
    zh: string;
    en: string;
    dose: string | null;
    since: string | null;
    status: string;
    institution: string;
  }[];
  counts: { kind: CareEventKind; count: number }[];
};

export type CareEventKind =
  | 'outpatient'
  | 'emergency'
  | 'inpatient'
  | 'laboratory'
  | 'imaging'
  | 'prescription'
  | 'immunization'
  | 'procedure'
  | 'document'
  | 'exam'
  | 'appointment'
  | 'other';
/** GET /api/residents/:id/events?kind=&institution=&from=&to=&before=<cursor>&limit=50 → { items: CareEvent[], next } newest first by when it HAPPENED. */
export type CareEvent = {
  id: string;
  kind: CareEventKind;
  at: string;
  recordedAt: string;
  receivedAt: string;
  zh: string;
  en: string;
  institution: { code: string; nameZh: string; nameEn: string };
  summary: string | null;
  abnormal: boolean;
  source: { resourceType: string; id: string; version: number; inboxId: string | null };
};
/** GET /api/residents/:id/events/:eventId → { event, resources: object[] (FHIR), rows: {labelZh,labelEn,value,unit,range,flag}[], narrative: string|null } */

/** GET /api/residents/:id/laboratory → { analytes: Analyte[] }: values of all hospitals on one axis, unit-normalised by UCUM. */
export type Analyte = {
  code: string;
  zh: string;
  en: string;
  unit: string;
  low: number | null;
  high: number | null;
  points: {
    at: string;
    value: number;
    flag: 'low' | 'high' | 'normal' | null;
    institution: { code: string; nameZh: string; nameEn: string };
    original: string;
  }[];
};

/** GET /api/residents/:id/looks?before= → { items: Look[], next }: who looked. */
export type Look = {
  at: string;
  who: string;
  role: string;
  institution: string | null;
  action: 'create' | 'read' | 'update' | 'delete' | 'search' | 'export' | 'login' | 'refused';
  what: string;
  groundZh: string;
  groundEn: string;
  breakGlass: boolean;
};

/** GET /api/operations → Operations (permission operations.read). */
export type Operations = {
  versions: { hutong: string; node: string; postgresql: string; schema: number };
  startedAt: string;
  memory: { rssMb: number; limitMb: number };
  queues: { name: string; waiting: number; oldestSeconds: number | null; perMinute: number }[];
  consumers: {
    name: string;
    position: string;
    lag: number;
    deadLetters: number;
    lastAt: string | null;
    state: 'running' | 'retrying' | 'stopped';
  }[];
  storage: { table: string; rows: number; bytes: number }[];
  audit: {
    rows: number;
    sealed: number;
    lastSealAt: string | null;
    headSm3: string | null;
    verified: { at: string; ok: boolean } | null;
  };
};
/** GET /api/operations/dead-letters → { items: {consumer, position, error, at, tries}[] }. POST /api/operations/consumers/:name/replay {from: 'start'|'dead-letters'}. POST /api/operations/audit/verify → {ok, rows, blocks, firstBad: string|null, milliseconds}. */

/** GET /api/directory/institutions?area=&q= → { items: Institution[] } */
export type Institution = {
  code: string;
  nameZh: string;
  nameEn: string;
  tier: 1 | 2 | 3;
  kind: string;
  area: string;
  areaZh: string;
  areaEn: string;
  protocol: Connection['protocol'] | null;
};

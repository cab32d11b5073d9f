/**
 * Everything that can be allowed. A route names one of these (or 'public'); a route that names none does not start.
 * `record.*` permissions still need a ground for the resident in question, see {@link decideRecordAccess}.
 */
export const permissions = [
  'connections.read',
  'inbox.read',
  'inbox.repair',
  'residents.search',
  'record.read',
  'record.break-glass',
  'record.looks',
  'record.erase',
  'operations.read',
  'operations.act',
  'directory.read',
  'directory.write',
  'fhir.read',
  'fhir.write',
  'messages.send',
  // A table of registrations, taken on behalf of the caller's institution.
  'registrations.load',
  'surveillance.read',
  'surveillance.act',
  'surveillance.submit',
  'surveillance.agree',
  // Names, telephones and numbers of cases, contacts and key people: every opening is noted for each of them.
  'surveillance.names',
  // Signs what is issued to the public, to departments and to those who decide.
  'surveillance.issue',
  'cards.read',
  'cards.write',
  'identity.read',
  'identity.review',
  'identity.trace',
  'identity.manage',
  'codes.scan',
  'codes.serve',
  'codes.own',
] as const;
export type Permission = (typeof permissions)[number];

export const roles = [
  'integrator',
  'clinician',
  'epidemiologist',
  'administrator',
  'primary-care',
  'prevention',
  'auditor',
  'operator',
  'resident',
] as const;
export type Role = (typeof roles)[number];

/** What staff of a role may do. Administration is split in three: system (operator), security and audit (auditor), business (administrator), as GB/T 22239-2019 level 3 asks. */
export const permissionsOfRole: Record<Role, readonly Permission[]> = {
  integrator: ['connections.read', 'inbox.read', 'inbox.repair', 'directory.read', 'registrations.load'],
  clinician: [
    'residents.search',
    'record.read',
    'record.break-glass',
    'record.looks',
    'directory.read',
    'cards.read',
    'cards.write',
    'codes.scan',
    'codes.serve',
  ],
  'primary-care': [
    'residents.search',
    'record.read',
    'record.looks',
    'directory.read',
    'cards.read',
    'cards.write',
    'codes.scan',
    'codes.serve',
    'registrations.load',
  ],
  // A hospital's prevention office watches its report cards and fills in what its doctors forgot; it opens no records.
  prevention: ['directory.read', 'cards.read', 'cards.write'],
  epidemiologist: [
    'residents.search',
    'record.read',
    'record.looks',
    'directory.read',
    'surveillance.read',
    'surveillance.act',
    'surveillance.names',
    'cards.read',
  ],
  administrator: [
    'connections.read',
    'record.erase',
    'directory.read',
    'directory.write',
    'surveillance.read',
    'surveillance.agree',
    'surveillance.issue',
    'identity.read',
    'identity.review',
    'identity.trace',
    'identity.manage',
  ],
  auditor: ['record.looks', 'record.erase', 'operations.read', 'directory.read'],
  operator: ['connections.read', 'inbox.read', 'operations.read', 'operations.act', 'directory.read'],
  /** A person about themselves: their code, their record, who looked. */
  resident: ['codes.own', 'record.read', 'record.looks'],
};

/** Who asks. `staff` and `resident` came through the login, `client` is a hospital's system with a signed assertion. */
export type Caller = {
  kind: 'staff' | 'client' | 'resident';
  id: string;
  role: Role | 'client';
  /** The institution on whose behalf; null for the commission's own people. */
  institution: number | null;
  permissions: readonly Permission[];
  /** SMART scopes of a client, e.g. 'system/Observation.rs'; empty for staff. */
  scopes: readonly string[];
  /** A resident's own source identity: it never changes, while the resident it points to may. */
  subject?: bigint;
};

export type Ground =
  | 'care-relationship'
  | 'own-institution'
  | 'public-health'
  | 'break-glass'
  | 'presented-code'
  | 'own-record'
  | 'audit'
  | 'none';

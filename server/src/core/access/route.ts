import type { ErrorCode } from '@hutong/contract/errors.ts';
import type { Unit } from '../../kit/group-commit.ts';
import type { AuditEntry } from '../audit/index.ts';
import type { Caller, Permission } from './model.ts';

/** One HTTP request, after login, permission and input checks. */
export type Call = {
  /** Who asks; on a 'public' route, nobody may have logged in. */
  caller: Caller | null;
  params: Record<string, string>;
  query: Record<string, string | undefined>;
  /** The query string as it came, for searches with repeated parameters. */
  rawQuery: string;
  headers: Record<string, string | undefined>;
  /** Parsed and checked against the route's schema; a Buffer for a route that takes bytes. */
  body: unknown;
  trace: string;
  now: number;
  /** The front page's address as the browser sees it. */
  origin: string;
  /**
   * Notes that somebody's data was looked at. It is durable before the answer leaves; if it cannot be stored, the answer is withheld.
   * A route about persons that answers without having noted a look fails: never unlogged.
   */
  look(entry: Omit<AuditEntry, 'at' | 'agent' | 'role' | 'institution' | 'trace'>): void;
  /** The same, inside the transaction of a change: the entry joins `unit`, which the handler commits before it answers. */
  lookIn(unit: Unit, entry: Omit<AuditEntry, 'at' | 'agent' | 'role' | 'institution' | 'trace'>): void;
};

export type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };
export type Refusal = { refusal: ErrorCode; detail?: { zh: string; en: string }; extra?: object };

export const refuse = (code: ErrorCode, detail?: { zh: string; en: string }, extra?: object): Refusal => ({
  refusal: code,
  ...(detail && { detail }),
  ...(extra && { extra }),
});
export const isRefusal = (value: object): value is Refusal => 'refusal' in value;

type JsonSchema = Record<string, unknown>;

/**
 * A route, as a room's door declares it. `permission` has no default: a route without one stops the start (TypeScript refuses it, and so
 * does the gateway for whoever casts around it).
 */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  permission: Permission | 'public';
  summary: string;
  /** JSON Schemas; they check the input and make the OpenAPI page. */
  schema?: { body?: JsonSchema; querystring?: JsonSchema; params?: JsonSchema };
  /** 'bytes': the body is a Buffer of at most the configured size, whatever its content type. */
  takes?: 'json' | 'bytes';
  /** 'fhir': errors are OperationOutcomes. */
  face?: 'api' | 'fhir';
  /** The answer holds nobody's data although the permission is about persons (a capability statement, counts). */
  impersonal?: boolean;
  handle(call: Call): Promise<Reply | Refusal>;
};

/** Permissions whose routes answer with, or change, persons' data. */
export const personalPermissions: ReadonlySet<string> = new Set([
  'residents.search',
  'record.read',
  'record.break-glass',
  'record.looks',
  'record.erase',
  'fhir.read',
  'fhir.write',
  'inbox.repair',
  'cards.read',
  'cards.write',
  'surveillance.names',
  'identity.read',
  'identity.review',
  'identity.trace',
  'identity.manage',
  'codes.scan',
  'codes.serve',
  'codes.own',
]);

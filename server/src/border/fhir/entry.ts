import type { Caller } from '../../core/access/index.ts';
import type { Merge, Sighting } from '../../core/identity/index.ts';
import type { ResourceWrite, Stored } from '../../core/store/index.ts';
import type { BorderIssue, Resource } from '../fact.ts';

/** The operations of a JSON Patch (RFC 6902), the Parameters of a FHIRPath Patch, or what $meta-add and $meta-delete name. */
export type Patch =
  | { form: 'json'; operations: unknown[] }
  | { form: 'fhirpath'; parameters: Resource }
  | { form: 'meta'; change: 'add' | 'delete'; meta: Meta };
export type Meta = { profile?: string[]; security?: MetaCoding[]; tag?: MetaCoding[] };
export type MetaCoding = { system?: string; code?: string };

/** One write of a request, single or in a bundle. `at` is its FHIRPath place ('' for a single resource). */
export type Entry = {
  at: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  type: string;
  /** PUT, PATCH and DELETE: the id, unless they are conditional. */
  id?: string;
  /** What other entries of the bundle call this one: urn:uuid:… or an address. */
  fullUrl?: string;
  resource?: Resource;
  /** PATCH: what becomes of the stored version. */
  patch?: Patch;
  /** The version in If-Match; undefined: whatever is current. */
  ifMatch?: number;
  /** If-None-Exist of a POST, or the query of a conditional update, patch or delete. */
  condition?: string;
};

/** An entry whose condition has been answered. */
export type Resolved = Entry & {
  /** A resource that a conditional create found instead: nothing is written. */
  instead?: { type: string; id: string; version: number };
  /** A conditional create that an earlier entry of the same bundle has made already. */
  sameAs?: Resolved;
  /** A conditional delete that found nothing. */
  nothing?: true;
  /** The version a patch was computed from; if somebody changes it before the commit, it is computed anew. */
  basedOn?: number;
};

export type Sender = {
  institution: { id: number; code: string };
  caller: Caller;
  trace: string;
  /** A deletion is refused while others refer to what it takes away. */
  strict: boolean;
  receivedAt: number;
  message: bigint;
  /** Makes new ids: the same message again makes the same ids. */
  seed: string;
  /** Our own address: absolute references below it are local ones. */
  base: string;
  /** Which of these people's records the sender may open: a reference leads nowhere else. */
  opens(subjects: bigint[]): Promise<Set<bigint>>;
};

export type Planned = {
  entry: Resolved;
  status: 200 | 201 | 204;
  type: string;
  id: string;
  version: number;
  write: ResourceWrite | null;
};
export type Plan =
  | { ok: true; planned: Planned[]; sightings: Sighting[]; merges: Merge[] }
  | { ok: false; issues: BorderIssue[]; status: number };

export type Draft = {
  entry: Resolved;
  resource: Resource;
  id: string;
  key: bigint;
  subject: bigint | null;
  shard: number;
  existing: Stored | undefined;
};

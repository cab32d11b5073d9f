import type { Filter } from '@hutong/fhir';
import type { Call } from '../../../core/access/index.ts';
import { readResource, type Scope, searchResources } from '../../../core/store/index.ts';
import type { Resource } from '../../fact.ts';
import { callerOf, type FhirDoor, ownScope } from '../door.ts';
import type { Sources } from './systems.ts';

/** The platform itself, as the institution that wrote a definition. */
export const platformInstitution = 0;

/** Definitions as the caller sees them: the platform's own before anybody else's of the same address, then the newest. */
export const sourcesFor = (door: FhirDoor, call: Call): Sources => sourcesIn(door, ownScope(callerOf(call)), call.now);

export function sourcesIn(door: Pick<FhirDoor, 'pool' | 'terminology'>, scope: Scope, now: number): Sources {
  return {
    terminology: door.terminology,
    async stored(type, url, version) {
      const filters: Filter[] = [{ kind: 'uri', param: 'url', match: 'is', values: [url] }];
      if (version !== undefined)
        filters.push({
          kind: 'token',
          param: 'version',
          negate: false,
          values: [{ system: undefined, code: version }],
        });
      const { matches } = await searchResources(door.pool, {
        query: {
          types: [type],
          filters,
          includes: [],
          revincludes: [],
          sort: [],
          count: 20,
          total: 'none',
          summary: undefined,
          elements: undefined,
          own: {},
        },
        scope,
        now,
      });
      const found = matches.find(({ institution }) => institution === platformInstitution) ?? matches[0];
      return found && (JSON.parse(found.body) as Resource);
    },
    async byId(type, id) {
      const found = await readResource(door.pool, scope, type, id);
      return found === null || found === 'gone' ? undefined : (JSON.parse(found.body) as Resource);
    },
  };
}

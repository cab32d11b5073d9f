import type { Merge, Sighting } from '../../core/identity/index.ts';
import { ownersByKeys, parseLocalReference, resourceKey } from '../../core/store/index.ts';
import type { Pool } from '../../kit/pool.ts';
import type { BorderIssue } from '../fact.ts';
import { subjectOf } from '../intake/index.ts';
import type { Draft, Sender } from './entry.ts';
import { issue, placed } from './outcome.ts';

type Link = {
  type?: string;
  other?: { reference?: string; identifier?: { system?: string; value?: string } };
};
type Named = { subject: bigint; sighting: Sighting | null };

/** Patient.link types that say "one person, two registrations, and this one stays" (FHIR R4 §8.1.10); `refer` and `seealso` say no such thing. */
const merging = new Set(['replaced-by', 'replaces']);

const linksOf = ({ resource }: Draft): Link[] => (Array.isArray(resource.link) ? (resource.link as Link[]) : []);

const refused = (at: string, place: string, rule: string, zh: string, en: string): BorderIssue => ({
  ...placed(issue('business-rule', place, zh, en), at),
  rule,
});

/**
 * Merges that Patients of this request declare (IHE PMIR ITI-93, PIXm ITI-104): the same as an A40 of HL7 v2. The other registration is named by
 * reference, or by the identifier under which the institution registers; like an A40 it may be told before the registration itself.
 */
export async function mergesOf(
  pool: Pool,
  drafts: readonly Draft[],
  sender: Sender,
): Promise<{ merges: Merge[]; sightings: Sighting[]; issues: BorderIssue[] }> {
  const found = { merges: [] as Merge[], sightings: [] as Sighting[], issues: [] as BorderIssue[] };
  const patients = drafts.filter(({ entry, subject }) => entry.type === 'Patient' && subject !== null);
  const declared = patients.flatMap((draft) =>
    linksOf(draft).flatMap((link, at) => (merging.has(link.type ?? '') ? [{ draft, link, at }] : [])),
  );
  if (declared.length === 0) return found;
  const keyOf = ({ other }: Link): bigint | null => {
    const local = other?.reference ? parseLocalReference(other.reference) : null;
    return local ? resourceKey(local.type, local.id) : null;
  };
  const owners = await ownersByKeys(
    pool,
    declared.flatMap(({ link }) => keyOf(link) ?? []),
  );
  const own = new Map(patients.map(({ key, subject }) => [key, subject as bigint]));
  const named = (link: Link): Named | null => {
    const key = keyOf(link);
    if (key !== null) {
      const owner = owners.get(key);
      const subject = own.get(key) ?? (owner?.institution === sender.institution.id ? owner.subject : null);
      return subject == null ? null : { subject, sighting: null };
    }
    const { system = '', value } = link.other?.identifier ?? {};
    if (!value) return null;
    const person = { authority: system, localId: value };
    const id = subjectOf(sender.institution.code, person);
    return { subject: id, sighting: { id, institution: sender.institution.id, ...person, message: sender.message } };
  };
  const stamp = new Date(sender.receivedAt).toISOString();
  for (const { draft, link, at } of declared) {
    const subject = draft.subject as bigint;
    const other = named(link);
    const place = `Patient.link[${at}].other`;
    if (!other)
      found.issues.push(
        refused(
          draft.entry.at,
          place,
          'identity.merge-outside',
          '只能合并本机构登记的患者，且须以引用或标识指明',
          'Only registrations of the sender itself can be merged, named by reference or identifier',
        ),
      );
    else if (other.subject === subject)
      found.issues.push(
        refused(
          draft.entry.at,
          place,
          'identity.merge-with-self',
          '不能把登记与其自身合并',
          'A registration cannot be merged with itself',
        ),
      );
    else {
      if (other.sighting) found.sightings.push(other.sighting);
      const [survivor, retired] = link.type === 'replaced-by' ? [other.subject, subject] : [subject, other.subject];
      found.merges.push({ survivor, retired, stamp });
    }
  }
  return found;
}

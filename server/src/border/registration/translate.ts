import { all, at, pathOf, type XmlElement } from '../cda/index.ts';
import type { BorderIssue, PersonKey, PersonMerge, Translation } from '../fact.ts';
import { keyText } from '../key-text.ts';
import { identifiersOf, patientOf, personOf } from './person.ts';
import type { Message } from './read-message.ts';
import { issue } from './rules.ts';
import { unmappedIn } from './unmapped.ts';

export type TranslateOptions = {
  /** Code of the sending institution in the directory. */
  institution: string;
  /** ISO 8601; judges "in the future", and orders a message that states no time. */
  receivedAt: string;
};

const day = 86_400_000;

/** `subject/registrationRequest|registrationEvent` of the control act, whichever the interaction uses. */
const registrationOf = (root: XmlElement): XmlElement | undefined =>
  at(root, 'controlActProcess/subject/registrationRequest') ?? at(root, 'controlActProcess/subject/registrationEvent');

/** Register, update, merge → facts and merges, in the language that all formats share. Pure; queries have none. */
export function translate(message: Message, { institution, receivedAt }: TranslateOptions): Translation {
  const issues = [...message.issues];
  const today = new Date(Date.parse(receivedAt) + 8 * 3_600_000).toISOString().slice(0, 10);
  let stamp = message.createdAt ?? receivedAt;
  if (Date.parse(stamp) > Date.parse(receivedAt) + day) {
    issues.push(issue('registration.time-in-future', `/${message.interaction}/creationTime`));
    stamp = receivedAt;
  }
  const said: Pick<Translation, 'facts' | 'merges' | 'unmapped'> = { facts: [], merges: [], unmapped: [] };
  if (message.act === 'register' || message.act === 'update' || message.act === 'merge') {
    const registration = registrationOf(message.root);
    const role = at(registration, 'subject1/patient') ?? at(registration, 'subject/patient');
    if (!role) issues.push(issue('registration.required', `/${message.interaction}/controlActProcess`, 'patient'));
    else {
      const body = at(role, 'patientPerson');
      const ids = identifiersOf([...all(role, 'id'), ...all(body, 'id'), ...all(body, 'asOtherIDs/id')]);
      const person = personOf(ids);
      if (!person) issues.push(issue('registration.person-missing', pathOf(role)));
      else {
        const resource = patientOf(role, ids, { institution, today, issues });
        const key = keyText(person.authority, person.localId);
        said.facts.push({ key, resource, person, stamp, merge: 'elements' });
        said.unmapped = unmappedIn(role);
        if (message.act === 'merge') merge(registration, person, stamp, said.merges, issues);
      }
    }
  }
  return {
    kind: message.interaction,
    controlId: [message.id.root, message.id.extension].filter(Boolean).join('|'),
    ...(message.createdAt && { sentAt: message.createdAt }),
    ...said,
    issues,
  };
}

function merge(
  registration: XmlElement | undefined,
  survivor: PersonKey,
  stamp: string,
  merges: PersonMerge[],
  issues: BorderIssue[],
): void {
  const priors = all(registration, 'replacementOf/priorRegistration/subject1/priorRegisteredRole');
  const retired = priors.flatMap((prior) => personOf(identifiersOf(all(prior, 'id'))) ?? []);
  if (retired.length === 0)
    issues.push(issue('registration.required', registration ? pathOf(registration) : '/', 'priorRegisteredRole/id'));
  for (const gone of retired)
    if (gone.authority === survivor.authority && gone.localId === survivor.localId)
      issues.push(issue('registration.merge-with-self', pathOf(priors[0] as XmlElement)));
    else merges.push({ survivor, retired: gone, stamp });
}

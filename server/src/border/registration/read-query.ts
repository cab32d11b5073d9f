import { all, at, ownText, type XmlElement } from '../cda/index.ts';
import type { BorderIssue } from '../fact.ts';
import { birthDateOf, identifiersOf, sexOf } from './person.ts';
import { attribute, itemsOf, type Message } from './read-message.ts';
import { issue } from './rules.ts';

/** Who is asked about. `find`: candidates by what is known of a person; `identifiers`: what else somebody is registered under. */
export type Query =
  | {
      kind: 'find';
      asked: { name?: string; sex?: string; birthDate?: string; number?: string; phone?: string; address?: string };
      most: number;
    }
  | { kind: 'identifiers'; id: string; authority: string; domains: readonly string[] };

const mostAnswers = 100;

/** `queryByParameter` as a question; null with an issue when it names nobody. */
export function readQuery(message: Message, today: string): { query: Query | null; issues: BorderIssue[] } {
  const issues = [...message.issues];
  const control = at(message.root, 'controlActProcess/queryByParameter');
  const list = at(control, 'parameterList');
  const [id] = identifiersOf([
    ...all(list, message.act === 'find' ? 'livingSubjectId/value' : 'patientIdentifier/value'),
  ]);
  if (message.act === 'identifiers') {
    if (!id) issues.push(issue('registration.required', `/${message.interaction}`, 'patientIdentifier/value'));
    const domains = all(list, 'dataSource/value')
      .flatMap(itemsOf)
      .map((one) => attribute(one, 'root'))
      .filter(Boolean);
    return { query: id ? { kind: 'identifiers', id: id.value, authority: id.root, domains } : null, issues };
  }
  const words = (path: string): string | undefined => {
    const element = at(list, path);
    if (!element) return undefined;
    const text = itemsOf(element).map(wordsOf).find(Boolean);
    return text || undefined;
  };
  const sex = sexOf(at(list, 'livingSubjectAdministrativeGender/value'), issues);
  const birthDate = birthDateOf(at(list, 'livingSubjectBirthTime/value'), { today, issues });
  const [name, phone, address] = ['livingSubjectName/value', 'patientTelecom/value', 'patientAddress/value'].map(words);
  const asked = {
    ...(name && { name }),
    ...(sex && { sex }),
    ...(birthDate && { birthDate }),
    ...(id && { number: id.value }),
    ...(phone && { phone: phone.replace(/^tel:/i, '') }),
    ...(address && { address }),
  };
  if (Object.keys(asked).length === 0)
    issues.push(issue('registration.required', `/${message.interaction}`, 'parameterList'));
  const most = Number.parseInt(attribute(at(control, 'initialQuantity'), 'value'), 10);
  return {
    query:
      Object.keys(asked).length === 0
        ? null
        : { kind: 'find', asked, most: most > 0 ? Math.min(most, mostAnswers) : 20 },
    issues,
  };
}

const wordsOf = (element: XmlElement): string =>
  attribute(element, 'value') ||
  ownText(element) ||
  element.children.map((part) => attribute(part, 'value') || ownText(part)).join('');

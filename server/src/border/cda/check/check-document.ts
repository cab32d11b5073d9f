import type { BorderIssue } from '../../fact.ts';
import { kindOfDocument } from '../kinds.ts';
import { itemsOf } from '../mapping/result-items.ts';
import { all, at, ownText, pathOf, type XmlElement } from '../read/element.ts';
import type { Document } from '../read/parse-document.ts';
import { Reading } from '../read/reading.ts';
import { find, type Statement, sectionsOf, statementsOf } from '../read/statement.ts';
import { type Need, type StructureRule, structureRules } from './structure-rules.ts';

/**
 * What a document of its kind must have and has not, one issue a rule. Also serves the conformance test of vendors: it looks
 * at the document only, not at what the platform knows.
 */
export function checkDocument(document: Document): BorderIssue[] {
  const kind = kindOfDocument(document.root).kind?.code ?? '';
  const sections = sectionsOf(document.root);
  const statements = sections.flatMap(({ element }) => statementsOf(element));
  const look = { root: document.root, sections, statements, reading: new Reading() };
  return structureRules.flatMap((rule) => {
    if (rule.kinds && !rule.kinds.includes(kind)) return [];
    return isMet(rule.need, look) ? [] : [broken(rule, document.root)];
  });
}

type Look = { root: XmlElement; sections: ReturnType<typeof sectionsOf>; statements: Statement[]; reading: Reading };

function isMet(need: Need, { root, sections, statements, reading }: Look): boolean {
  if ('sections' in need) return sections.length > 0;
  if ('section' in need) {
    return sections.some(
      ({ code, label, title }) => code === need.section || label.includes(need.word) || title.includes(need.word),
    );
  }
  if ('number' in need) {
    const role = at(root, 'recordTarget/patientRole');
    const ids = [...all(role, 'id'), ...all(role, 'patient/id')];
    return ids.some(
      (id) =>
        need.number.includes(id.attributes.get('root')?.trim() ?? '') && reading.attribute(id, 'extension') !== '',
    );
  }
  if ('items' in need) return sections.some(({ element }) => itemsOf(statementsOf(element)).length > 0);
  if ('statement' in need) return need.statement.some((code) => hasValue(find(statements, code), reading));
  const { attribute, value } = need;
  return all(root, need.element).some((element) => {
    const held = attribute === undefined ? reading.text(element) : reading.attribute(element, attribute);
    return value === undefined ? held !== '' : held === value;
  });
}

function hasValue(one: Statement | undefined, reading: Reading): boolean {
  const value = at(one?.element, 'value');
  if (!value) return false;
  return (
    ['value', 'code', 'displayName'].some((name) => reading.attribute(value, name) !== '') || ownText(value) !== ''
  );
}

/** The deepest place that exists on the way to what is missing. */
function broken({ need, severity, rule, zh, en }: StructureRule, root: XmlElement): BorderIssue {
  let element = root;
  let rest = '';
  const steps =
    'element' in need
      ? need.element.split('/')
      : 'number' in need
        ? ['recordTarget', 'patientRole', 'id']
        : ['component'];
  for (const [index, step] of steps.entries()) {
    const next = at(element, step);
    if (!next) {
      rest = `/${steps.slice(index).join('/')}`;
      break;
    }
    element = next;
  }
  const attribute = 'element' in need && need.attribute !== undefined ? `/@${need.attribute}` : '';
  const section = 'section' in need ? `/section[code/@code='${need.section}']` : '';
  const statement = 'statement' in need ? `//observation[code/@code='${need.statement[0]}']/value` : '';
  return { severity, rule, path: `${pathOf(element)}${rest}${attribute}${section}${statement}`, zh, en };
}

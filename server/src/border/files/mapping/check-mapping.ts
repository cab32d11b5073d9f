import type { BorderIssue } from '../../fact.ts';
import { issue } from '../rules.ts';
import { isFormat } from './date-format.ts';
import { elementPath } from './element-path.ts';
import type { Cast, Expression, Mapping } from './model.ts';

const CASTS: readonly Cast[] = [
  'text',
  'date',
  'dateTime',
  'number',
  'boolean',
  'unit',
  'coding',
  'identifier',
  'resident-number',
  'result',
];
const COLUMN_KEYS = ['column', 'as', 'required', 'formats', 'codes', 'system', 'display', 'unit'];
const FACT_KEYS = ['resourceType', 'key', 'merge', 'nobody', 'when', 'elements'];
const MAPPING_KEYS = [
  'id',
  'version',
  'zh',
  'en',
  'delimiter',
  'charset',
  'controlId',
  'stamp',
  'person',
  'ignored',
  'facts',
];

type Bag = Record<string, unknown>;
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

/** A mapping from parsed JSON, or everything that is wrong with it, each with the place in the JSON. */
export function readMapping(json: unknown): { ok: true; mapping: Mapping } | { ok: false; issues: BorderIssue[] } {
  const checker = new Checker();
  checker.mapping(json);
  return checker.issues.length === 0 ? { ok: true, mapping: json as Mapping } : { ok: false, issues: checker.issues };
}

/** Every column a mapping reads, and those it needs: without one of `needed` no row can be read. */
export function columnsOf(mapping: Mapping): { read: Set<string>; needed: Set<string> } {
  const read = new Set(mapping.ignored ?? []);
  const needed = new Set<string>();
  const walk = (expression: Expression | undefined): void => {
    if (!expression) return;
    if ('concat' in expression) for (const one of expression.concat) walk(one);
    if ('first' in expression) for (const one of expression.first) walk(one);
    if ('reference' in expression) for (const one of expression.key ?? []) walk(one);
    if (!('column' in expression)) return;
    for (const column of [expression.column, expression.display, expression.unit])
      if (column !== undefined) read.add(column);
    if (expression.required) needed.add(expression.column);
  };
  walk(mapping.controlId);
  walk(mapping.stamp);
  walk(mapping.person?.localId);
  for (const fact of mapping.facts) {
    for (const key of fact.key ?? []) walk(key);
    for (const value of Object.values(fact.elements)) walk(value);
    for (const column of fact.when ?? []) read.add(column);
  }
  return { read, needed };
}

/** Columns of the mapping that the header lacks; the file cannot be read with it. */
export function checkHeader(mapping: Mapping, columns: readonly string[]): BorderIssue[] {
  const { needed } = columnsOf(mapping);
  return [...needed]
    .filter((column) => !columns.includes(column))
    .map((column) => issue('files.column-missing', 'line 1', column));
}

class Checker {
  readonly issues: BorderIssue[] = [];

  mapping(json: unknown): void {
    if (!isBag(json)) {
      this.#wrong('$', 'a mapping is a JSON object');
      return;
    }
    this.#only(json, MAPPING_KEYS, '$');
    if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(String(json.id ?? '')))
      this.#wrong('$.id', 'id is lower-case words with hyphens');
    if (!Number.isInteger(json.version)) this.#wrong('$.version', 'version is a whole number');
    for (const language of ['zh', 'en']) if (!isText(json[language])) this.#wrong(`$.${language}`, 'a name is needed');
    if (json.delimiter !== undefined && !(isText(json.delimiter) && json.delimiter.length === 1))
      this.#wrong('$.delimiter', 'one character');
    if (json.charset !== undefined && json.charset !== 'utf-8' && json.charset !== 'gb18030')
      this.#wrong('$.charset', 'utf-8 or gb18030');
    if (json.ignored !== undefined && !isTexts(json.ignored)) this.#wrong('$.ignored', 'a list of columns');
    if (json.controlId !== undefined) this.#expression(json.controlId, '$.controlId');
    this.#expression(json.stamp, '$.stamp');
    this.#person(json.person);
    if (!Array.isArray(json.facts) || json.facts.length === 0) {
      this.#wrong('$.facts', 'at least one fact');
      return;
    }
    for (const [index, fact] of json.facts.entries()) this.#fact(fact, `$.facts[${index}]`, isBag(json.person));
  }

  #person(person: unknown): void {
    if (person === undefined) return;
    if (!isBag(person)) {
      this.#wrong('$.person', 'an object with localId');
      return;
    }
    this.#only(person, ['authority', 'localId'], '$.person');
    if (person.authority !== undefined && typeof person.authority !== 'string')
      this.#wrong('$.person.authority', 'a text');
    this.#expression(person.localId, '$.person.localId');
  }

  #fact(fact: unknown, path: string, hasPerson: boolean): void {
    if (!isBag(fact)) {
      this.#wrong(path, 'a fact is an object');
      return;
    }
    this.#only(fact, FACT_KEYS, path);
    if (!/^[A-Z][A-Za-z]+$/.test(String(fact.resourceType ?? '')))
      this.#wrong(`${path}.resourceType`, 'a FHIR resource type');
    if (fact.merge !== undefined && fact.merge !== 'elements' && fact.merge !== 'replace')
      this.#wrong(`${path}.merge`, 'elements or replace');
    if (fact.nobody !== undefined && typeof fact.nobody !== 'boolean') this.#wrong(`${path}.nobody`, 'true or false');
    if (fact.when !== undefined && !isTexts(fact.when)) this.#wrong(`${path}.when`, 'a list of columns');
    if (!hasPerson && fact.nobody !== true) this.#wrong(path, 'a fact about somebody needs $.person');
    if (fact.key === undefined) {
      if (fact.resourceType !== 'Patient') this.#wrong(`${path}.key`, 'a business key is needed');
    } else if (Array.isArray(fact.key) && fact.key.length > 0) {
      for (const [index, one] of fact.key.entries()) this.#expression(one, `${path}.key[${index}]`);
    } else {
      this.#wrong(`${path}.key`, 'a list of expressions');
    }
    if (!isBag(fact.elements)) {
      this.#wrong(`${path}.elements`, 'an object of element paths');
      return;
    }
    for (const [element, expression] of Object.entries(fact.elements)) {
      if (!elementPath(element)) this.#wrong(`${path}.elements`, 'an element path such as code.coding[0].code');
      this.#expression(expression, `${path}.elements['${element}']`);
    }
  }

  #expression(value: unknown, path: string): void {
    if (!isBag(value)) {
      this.#wrong(path, 'an expression is an object');
      return;
    }
    const forms = ['constant', 'column', 'concat', 'first', 'reference'].filter((form) => form in value);
    if (forms.length !== 1) {
      this.#wrong(path, 'exactly one of constant, column, concat, first, reference');
      return;
    }
    if ('constant' in value) {
      this.#only(value, ['constant'], path);
      return;
    }
    if ('column' in value) {
      this.#column(value, path);
      return;
    }
    if ('reference' in value) {
      this.#only(value, ['reference', 'key'], path);
      if (!/^[A-Z][A-Za-z]+$/.test(String(value.reference))) this.#wrong(`${path}.reference`, 'a FHIR resource type');
      if (value.key === undefined && value.reference !== 'Patient')
        this.#wrong(`${path}.key`, 'the key of what is referred to');
      if (value.key !== undefined) this.#list(value.key, `${path}.key`);
      return;
    }
    const form = 'concat' in value ? 'concat' : 'first';
    this.#only(value, form === 'concat' ? ['concat', 'separator'] : ['first'], path);
    this.#list(value[form], `${path}.${form}`);
  }

  #list(value: unknown, path: string): void {
    if (!Array.isArray(value) || value.length === 0) {
      this.#wrong(path, 'a list of expressions');
      return;
    }
    for (const [index, one] of value.entries()) this.#expression(one, `${path}[${index}]`);
  }

  #column(value: Bag, path: string): void {
    this.#only(value, COLUMN_KEYS, path);
    for (const name of ['column', 'system', 'display', 'unit']) {
      if (value[name] !== undefined && !isText(value[name])) this.#wrong(`${path}.${name}`, 'a text that is not empty');
    }
    const cast = value.as;
    if (cast !== undefined && !CASTS.includes(cast as Cast)) this.#wrong(`${path}.as`, `one of ${CASTS.join(', ')}`);
    if (value.required !== undefined && typeof value.required !== 'boolean')
      this.#wrong(`${path}.required`, 'true or false');
    if (value.formats !== undefined && !(isTexts(value.formats) && value.formats.every(isFormat)))
      this.#wrong(`${path}.formats`, 'formats of yyyy MM dd HH mm ss, or excel');
    if (
      value.codes !== undefined &&
      !(isBag(value.codes) && Object.values(value.codes).every((code) => typeof code === 'string'))
    )
      this.#wrong(`${path}.codes`, 'an object of texts');
    if ((cast === 'coding' || cast === 'identifier') && !isText(value.system))
      this.#wrong(`${path}.system`, 'coding and identifier need a system');
    if (value.unit !== undefined && cast !== 'result') this.#wrong(`${path}.unit`, 'only result takes a unit');
    if (value.display !== undefined && cast !== 'coding') this.#wrong(`${path}.display`, 'only coding takes a display');
  }

  #only(value: Bag, known: readonly string[], path: string): void {
    for (const name of Object.keys(value))
      if (!known.includes(name)) this.#wrong(path, `unknown member "${name.slice(0, 40)}"`);
  }

  #wrong(path: string, what: string): void {
    this.issues.push(issue('files.mapping', path, what));
  }
}

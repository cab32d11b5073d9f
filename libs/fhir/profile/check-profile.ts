import { elementsAt } from '../elements.ts';
import { parseReference } from '../search/reference.ts';
import { compileExpression } from '../validate/interpreter.ts';
import type { Issue, IssueCode } from '../validate/issue.ts';
import { type Surroundings, sliceOf } from './slices.ts';
import { type ElementRule, hasPattern, isFixed, type RuleNode, type Structure, stated, treeOf } from './structure.ts';
import { asObject, type Found, valuesOf } from './values.ts';

const MOST = 100;
/** Profiles that stand on profiles that stand on … end here. */
const DEEPEST = 20;
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
/** The type that an address of the specification's own means; undefined for a profile, which may have such an address too. */
function coreType(url: string): string | undefined {
  const name = url.startsWith(CORE) ? url.slice(CORE.length) : '';
  return elementsAt(name).length > 0 || name === 'Resource' || name === 'DomainResource' ? name : undefined;
}

type Run = Surroundings & { root: object; issues: Issue[]; open: Set<string> };

function say(
  run: Run,
  code: IssueCode,
  at: string,
  diagnostics: string,
  zh: string,
  severity: Issue['severity'] = 'error',
): void {
  if (run.issues.length < MOST) run.issues.push({ severity, code, expression: at, diagnostics, zh });
}

/** The profile and those it stands on, the base type itself excepted: that is what `validateResource` is for. */
async function chainOf(
  url: string,
  around: Surroundings,
): Promise<{ chain: Structure[]; missing: string | undefined }> {
  const chain: Structure[] = [];
  for (let at: string | undefined = url; at !== undefined && coreType(at) === undefined; ) {
    const structure: Structure | undefined = await around.structure(at);
    if (!structure || chain.length >= DEEPEST) return { chain, missing: at };
    chain.push(structure);
    at = structure.baseDefinition;
  }
  return { chain, missing: undefined };
}

/**
 * Holds a resource against a profile: cardinalities, slices, types, fixed values and patterns, bindings, lengths, ranges, constraints,
 * and the profiles of its elements and extensions. To be asked after `validateResource`, which knows the base type. At most 100 findings;
 * `mustSupport` asks systems, not instances, and finds nothing.
 * @returns undefined when nobody knows the profile
 */
export async function checkProfile(
  resource: Record<string, unknown>,
  profile: string,
  around: Surroundings,
): Promise<Issue[] | undefined> {
  const { chain, missing } = await chainOf(profile, around);
  if (chain.length === 0 && missing !== undefined) return undefined;
  const run: Run = { ...around, root: resource, issues: [], open: new Set() };
  const type = String(resource.resourceType);
  const wrong = chain.find((structure) => structure.type !== type);
  if (wrong)
    say(
      run,
      'invalid',
      type,
      `The profile ${wrong.url} is one of ${wrong.type}.`,
      `规范 ${wrong.url} 用于 ${wrong.type}。`,
    );
  else await checkAgainst(run, { value: resource, at: type, type, node: type }, profile);
  return run.issues;
}

async function checkAgainst(run: Run, value: Found, profile: string): Promise<void> {
  const key = `${value.at} ${profile}`;
  // A type that holds itself would be checked for ever.
  if (run.open.has(key) || run.open.size > 1000) return;
  run.open.add(key);
  const { chain, missing } = await chainOf(profile, run);
  if (missing !== undefined)
    say(
      run,
      'not-found',
      value.at,
      `The profile ${missing} is not known here.`,
      `平台没有规范 ${missing}。`,
      'warning',
    );
  for (const structure of chain) await checkValue(run, value, treeOf(structure), false);
}

/** One value against what is said of it and of what is below it. */
async function checkValue(run: Run, found: Found, node: RuleNode, isSlice: boolean): Promise<void> {
  const { rule } = node;
  if (rule) {
    checkStated(run, found, rule);
    await checkBinding(run, found, rule);
    checkConstraints(run, found, rule);
    await checkType(run, found, rule, isSlice);
  }
  for (const child of node.children.values()) await checkElement(run, found, child);
}

async function checkElement(run: Run, holder: Found, node: RuleNode): Promise<void> {
  const values = valuesOf(holder, node.name);
  const at = `${holder.at}.${node.name.replace('[x]', '')}`;
  count(run, values.length, node, at, node.name);
  for (const value of values) await checkValue(run, value, node, false);
  if (node.slices.size === 0) return;
  const taken = new Map<RuleNode, Found[]>();
  for (const value of values) {
    const slice = await sliceOf(node, value, run);
    if (slice) taken.set(slice, [...(taken.get(slice) ?? []), value]);
    else if (node.rule?.slicing?.rules === 'closed')
      say(
        run,
        'structure',
        value.at,
        `Only the slices ${[...node.slices.keys()].join(', ')} are allowed here.`,
        `此处只允许 ${[...node.slices.keys()].join('、')}。`,
      );
  }
  for (const slice of node.slices.values()) {
    const own = taken.get(slice) ?? [];
    count(run, own.length, slice, at, `${node.name}:${slice.name}`);
    for (const value of own) await checkValue(run, value, slice, true);
  }
}

function count(run: Run, n: number, { rule }: RuleNode, at: string, name: string): void {
  if (rule?.min !== undefined && n < rule.min)
    say(
      run,
      'required',
      at,
      `"${name}" must be there at least ${rule.min} time(s), found ${n}.`,
      `“${name}”至少 ${rule.min} 个，实有 ${n} 个。`,
    );
  if (rule?.max !== undefined && rule.max !== '*' && n > Number(rule.max))
    say(
      run,
      'structure',
      at,
      `"${name}" may be there at most ${rule.max} time(s), found ${n}.`,
      `“${name}”最多 ${rule.max} 个，实有 ${n} 个。`,
    );
}

const shown = (x: unknown): string => JSON.stringify(x).slice(0, 200);

function checkStated(run: Run, { value, at }: Found, rule: ElementRule): void {
  const fixed = stated(rule, 'fixed');
  if (fixed !== undefined && value !== undefined && !isFixed(value, fixed))
    say(run, 'value', at, `The value must be ${shown(fixed)}.`, `取值必须是 ${shown(fixed)}。`);
  const pattern = stated(rule, 'pattern');
  if (pattern !== undefined && value !== undefined && !hasPattern(value, pattern))
    say(run, 'value', at, `The value must have ${shown(pattern)}.`, `取值必须含有 ${shown(pattern)}。`);
  if (rule.maxLength !== undefined && typeof value === 'string' && [...value].length > rule.maxLength)
    say(run, 'value', at, `Longer than ${rule.maxLength} characters.`, `超过 ${rule.maxLength} 个字符。`);
  const [low, high] = [stated(rule, 'minValue'), stated(rule, 'maxValue')];
  if (isBefore(value, low))
    say(run, 'value', at, `The value must not be below ${shown(low)}.`, `取值不得小于 ${shown(low)}。`);
  if (isBefore(high, value))
    say(run, 'value', at, `The value must not be above ${shown(high)}.`, `取值不得大于 ${shown(high)}。`);
}

/** Numbers by size, dates by their text (ISO 8601 sorts as it reads). Other things do not compare. */
const isBefore = (a: unknown, b: unknown): boolean =>
  (typeof a === 'number' && typeof b === 'number' && a < b) ||
  (typeof a === 'string' && typeof b === 'string' && a < b);

async function checkBinding(run: Run, { value, at }: Found, { binding }: ElementRule): Promise<void> {
  if (
    value === undefined ||
    !binding?.valueSet ||
    (binding.strength !== 'required' && binding.strength !== 'extensible')
  )
    return;
  const isMember = await run.member(binding.valueSet, value);
  if (isMember === true) return;
  if (isMember === undefined)
    say(
      run,
      'not-found',
      at,
      `The value set ${binding.valueSet} is not known here.`,
      `平台没有值集 ${binding.valueSet}。`,
      'warning',
    );
  else
    say(
      run,
      'code-invalid',
      at,
      `No code is from the ${binding.strength} value set ${binding.valueSet}.`,
      `编码不在${binding.strength === 'required' ? '必须使用' : '应当使用'}的值集 ${binding.valueSet} 中。`,
      binding.strength === 'required' ? 'error' : 'warning',
    );
}

function checkConstraints(run: Run, { value, at, node }: Found, { constraint }: ElementRule): void {
  for (const { key, severity, human, expression } of constraint ?? []) {
    if (expression === undefined || value === undefined) continue;
    const finding = { severity: severity === 'error' ? 'error' : 'warning' } as const;
    try {
      const [result] = compileExpression(node, expression)(value, { resource: run.root, rootResource: run.root });
      const plain = asObject(result) && 'data' in (result as object) ? (result as { data: unknown }).data : result;
      if (plain === false)
        say(run, 'invariant', at, `${key}: ${human}`, `不满足约束 ${key}：${human}`, finding.severity);
    } catch {
      say(run, 'exception', at, `The constraint ${key} could not be evaluated.`, `无法计算约束 ${key}。`, 'warning');
    }
  }
}

/** Types that a choice may take, profiles of the element's type, and what a reference may lead to. */
async function checkType(run: Run, found: Found, { type: types }: ElementRule, isSlice: boolean): Promise<void> {
  if (!types || types.length === 0) return;
  const own = types.filter(({ code }) => code === found.type || code.startsWith('http://hl7.org/fhirpath/'));
  if (own.length === 0 && found.type !== 'Resource' && found.type !== 'BackboneElement') {
    const allowed = types.map(({ code }) => code).join(', ');
    if (!isSlice)
      say(
        run,
        'value',
        found.at,
        `The type must be one of ${allowed}, found ${found.type}.`,
        `类型应为 ${allowed}，实为 ${found.type}。`,
      );
    return;
  }
  const profiles = own.flatMap(({ profile }) => profile ?? []);
  if (profiles.length === 1) await checkAgainst(run, found, profiles[0] as string);
  if (found.type === 'Reference')
    await checkTarget(
      run,
      found,
      own.flatMap(({ targetProfile }) => targetProfile ?? []),
    );
}

async function checkTarget(run: Run, { value, at }: Found, targets: string[]): Promise<void> {
  const { reference, type: said } = (asObject(value) ?? {}) as { reference?: string; type?: string };
  if (targets.length === 0) return;
  const named = typeof reference === 'string' ? parseReference(reference).type : undefined;
  const type = named ?? said;
  if (type === undefined) return;
  const allowed: string[] = [];
  for (const target of targets) allowed.push(coreType(target) ?? (await run.structure(target))?.type ?? type);
  if (!allowed.includes(type) && !allowed.includes('Resource'))
    say(
      run,
      'value',
      at,
      `The reference must lead to ${allowed.join(', ')}, not ${type}.`,
      `引用应指向 ${allowed.join('、')}，而非 ${type}。`,
    );
}

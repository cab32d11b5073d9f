// Which types a reference parameter can really lead to. The published `target` lists are shared by all types of a
// parameter (clinical-encounter says Encounter and EpisodeOfCare; Observation.encounter takes Encounter only), so the
// elements themselves are asked: fewer targets mean fewer branches of a chain, and an id alone that names one type.
import { parseExpression, type Step } from './expression.ts';
import { isA, type Model, type TypeReference, variants } from './model.ts';

/** Types of the values a path leads to, or undefined where that is not a Reference with limited targets. */
function follow(model: Model, at: string, steps: Step[]): Set<string> | undefined {
  const [step, ...rest] = steps;
  if (step?.kind !== 'field') return undefined;
  const element = model.nodes.get(at)?.elements.find((e) => e.name === step.name);
  if (element === undefined) return undefined;
  let after = rest;
  let types: TypeReference[] = variants(element).flatMap((v) => (v.type === undefined ? [] : [v.type]));
  const [next] = after;
  if (next?.kind === 'ofType') {
    types = types.filter((t) => isA(model, t.code, next.type));
    after = after.slice(1);
  }
  if (after[0]?.kind === 'whereReference') return new Set([after[0].type]);
  if (after[0]?.kind === 'whereEqual') after = after.slice(1);
  if (after.length > 0) return follow(model, element.content ?? types[0]?.code ?? '', after);
  const references = types.filter((t) => t.code === 'Reference');
  if (references.length !== types.length || references.some((t) => t.targets.length === 0)) return undefined;
  return new Set(references.flatMap((t) => t.targets));
}

/** The targets of a parameter for one type, from the terms of its expression that concern the type. */
export function possibleTargets(model: Model, expression: string, type: string): Set<string> | undefined {
  const all = new Set<string>();
  for (const term of parseExpression(expression)) {
    if (term.root !== type && term.root !== '') continue;
    const found = follow(model, type, term.steps);
    if (found === undefined) return undefined;
    for (const t of found) all.add(t);
  }
  return all.size === 0 ? undefined : all;
}

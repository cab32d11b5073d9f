import { type Edge, type Rule, residentOfNumber, residentOfSource, type Source } from '../model.ts';
import { type Claim, claimOf, type Family, groupsByName, mostClaimants } from './claims.ts';
import { type Forest, leastOf, openForest } from './forest.ts';

export type Belonging = { resident: bigint; how: Rule };

const pairKey = ({ a, b }: Edge): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
const before = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** What counts between two sources: the newest word of a person, else the engine's. */
function standing(edges: readonly Edge[]): Edge[] {
  const chosen = new Map<string, Edge>();
  for (const edge of edges) {
    const known = chosen.get(pairKey(edge));
    const stronger =
      !known ||
      (edge.weight === null
        ? known.weight !== null || edge.act > known.act
        : known.weight !== null && edge.act > known.act);
    if (stronger) chosen.set(pairKey(edge), edge);
  }
  return [...chosen.values()];
}

function familiesOf(sources: ReadonlyMap<bigint, Source>, forest: Forest): Family[] {
  const sorted = [...sources.values()].sort((a, b) => before(a.id, b.id));
  const under = new Set<bigint>();
  for (const { id, mergedInto } of sorted)
    if (mergedInto !== null && sources.has(mergedInto) && forest.join(id, mergedInto)) under.add(id);
  const seen = new Set<bigint>();
  return sorted.flatMap(({ id }) => {
    if (seen.has(id)) return [];
    const members = forest
      .group(id)
      .toSorted(before)
      .map((member) => sources.get(member) as Source);
    for (const member of members) seen.add(member.id);
    return [{ root: members.find((member) => !under.has(member.id)) ?? (members[0] as Source), members }];
  });
}

/**
 * Whose is whose, from everything said so far and nothing else: the same sources and the same acts in force give the same residents, in whatever
 * order they came. So undoing an act restores exactly what was before, and the whole state can be replayed.
 *
 * In this order, none against a negative link: merges of institutions; links of people; valid numbers that agree with name, sex and birth date;
 * the engine's links, strongest first, never between two people with numbers of their own.
 */
export function resolve(sources: ReadonlyMap<bigint, Source>, edges: readonly Edge[]): Map<bigint, Belonging> {
  const words = standing(edges).filter(({ a, b }) => sources.has(a) && sources.has(b));
  const apart = words.filter(({ says }) => says === 'two');
  const forest = openForest(sources.keys(), apart);
  const families = familiesOf(sources, forest);
  const claims = new Map<Family, Claim>();
  for (const family of families) {
    const claim = claimOf(family);
    if (claim) claims.set(family, claim);
  }
  const joinedBy = new Map<Family, Rule>();
  const familyOf = new Map(families.flatMap((family) => family.members.map(({ id }) => [id, family] as const)));
  const joined = (ids: bigint[], rule: Rule): void => {
    for (const id of ids) {
      const family = familyOf.get(id) as Family;
      if (!joinedBy.has(family)) joinedBy.set(family, rule);
    }
  };
  const people = words.filter(({ says, weight }) => says === 'one' && weight === null);
  for (const { a, b } of people.toSorted((x, y) => before(y.act, x.act) || before(x.a, y.a) || before(x.b, y.b)))
    if (forest.join(a, b)) joined([a, b], 'linked-by-person');

  const claimants = joinByNumber(families, claims, forest);
  joinByEngine(words, claims, familyOf, forest, joined);
  const holders = new Map([...claimants].map(([number, own]) => [number, holderOf(own, forest)]));
  const separated = new Set(apart.filter(({ weight }) => weight === null).flatMap(({ a, b }) => [a, b]));
  const result = new Map<bigint, Belonging>();
  for (const family of families) {
    const cluster = [...new Set(forest.group(family.root.id).map((id) => familyOf.get(id) as Family))];
    const resident = residentOfCluster(cluster, claims, holders, forest);
    const how = ruleOf(family, cluster, claims.get(family), joinedBy.get(family), holders, forest, separated);
    for (const { id } of family.members)
      result.set(id, { resident, how: id === family.root.id ? how : 'merged-by-institution' });
  }
  return result;
}

function joinByNumber(families: Family[], claims: Map<Family, Claim>, forest: Forest): Map<string, Family[]> {
  const claimants = new Map<string, Family[]>();
  for (const family of families) {
    const claim = claims.get(family);
    if (claim && claim.refused === null) claimants.set(claim.number, [...(claimants.get(claim.number) ?? []), family]);
  }
  for (const [number, own] of [...claimants].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (own.length > mostClaimants) {
      for (const family of own) claims.set(family, { ...(claims.get(family) as Claim), refused: 'number-overused' });
      claimants.delete(number);
      continue;
    }
    if (own.length > 1)
      for (const group of groupsByName(own))
        for (const family of group.slice(1)) forest.join((group[0] as Family).root.id, family.root.id);
  }
  return claimants;
}

function joinByEngine(
  words: Edge[],
  claims: Map<Family, Claim>,
  familyOf: Map<bigint, Family>,
  forest: Forest,
  joined: (ids: bigint[], rule: Rule) => void,
): void {
  const engine = words.filter((word): word is Edge & { weight: number } => word.says === 'one' && word.weight !== null);
  engine.sort((x, y) => y.weight - x.weight || before(x.a, y.a) || before(x.b, y.b));
  for (const { a, b } of engine) {
    const numbers = new Set<string>();
    for (const id of [...forest.group(a), ...forest.group(b)]) {
      const claim = claims.get(familyOf.get(id) as Family);
      if (claim && claim.refused === null) numbers.add(claim.number);
    }
    if (numbers.size <= 1 && forest.join(a, b)) joined([a, b], 'probabilistic');
  }
}

/** Of several groups that claim one number, it names the one with most registrations; then the one with the smallest id. */
function holderOf(claimants: Family[], forest: Forest): bigint {
  const counts = new Map<bigint, { n: number; least: bigint }>();
  for (const { root } of claimants) {
    const head = forest.head(root.id);
    const known = counts.get(head);
    counts.set(head, { n: (known?.n ?? 0) + 1, least: known && known.least < root.id ? known.least : root.id });
  }
  const sorted = [...counts].sort(([, x], [, y]) => y.n - x.n || before(x.least, y.least));
  return (sorted[0] as [bigint, unknown])[0];
}

function residentOfCluster(
  cluster: Family[],
  claims: Map<Family, Claim>,
  holders: Map<string, bigint>,
  forest: Forest,
): bigint {
  const held = cluster.flatMap((family) => {
    const claim = claims.get(family);
    return claim && claim.refused === null && holders.get(claim.number) === forest.head(family.root.id) ? [claim] : [];
  });
  held.sort((a, b) => (`${a.stamp} ${a.number}` < `${b.stamp} ${b.number}` ? 1 : -1));
  const number = held[0]?.number;
  if (number) return residentOfNumber(number);
  return residentOfSource(leastOf(cluster.map(({ root }) => root.id)));
}

function ruleOf(
  family: Family,
  cluster: Family[],
  claim: Claim | undefined,
  joinedBy: Rule | undefined,
  holders: Map<string, bigint>,
  forest: Forest,
  separated: Set<bigint>,
): Rule {
  if (joinedBy && cluster.length > 1) return joinedBy;
  if (claim?.refused) return claim.refused;
  if (claim)
    return holders.get(claim.number) === forest.head(family.root.id) ? 'resident-number' : 'number-contradicts-name';
  return family.members.some(({ id }) => separated.has(id)) ? 'separated-by-person' : 'local-id';
}

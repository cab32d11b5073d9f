import { sharedCode } from '../blocking/pairs.ts';
import { planKeys } from '../blocking/plan.ts';
import { openFields } from '../compare/field.ts';
import type { Model } from '../model.ts';
import type { Outcome } from '../run.ts';
import { blockingRecall, partitionFromPairs, reviewShare, scorePairs, scorePartition } from '../score.ts';
import { readTable, type Table } from '../table/table.ts';

export type Verdict = {
  /** Pairs at or above the link threshold, before clustering. */
  links: ReturnType<typeof scorePairs>;
  /** Pairs inside clusters, and whole clusters. */
  partition: ReturnType<typeof scorePartition>;
  blockingRecall: number;
  reviewShare: number;
  /** Pairs held together by automatic links alone. */
  automatic: ReturnType<typeof scorePairs>;
};

/** Compares an outcome with the truth given as pairs of record ids, or as the entity of each record. */
export function judge(
  model: Model,
  table: Table,
  outcome: Outcome,
  truth: { pairs?: [string, string][]; entity?: Map<string, string> },
): Verdict {
  const read = readTable(table);
  const linking = model.trainedOn.linking;
  // Two files may use the same ids, so each carries its file.
  const ids = Array.from({ length: table.size }, (_, row) => nameOf(linking, table.source[row]!, read.id(row)));
  const given = truth.pairs?.map(([a, b]): [string, string] => [nameOf(linking, 0, a), nameOf(linking, 1, b)]);
  const entity = truth.entity ?? partitionFromPairs(ids, given ?? []);
  const truePairs = given ?? pairsOf(entity, ids, linking ? table.source : null);
  const { pairs } = outcome;
  const from = (least: number): [string, string][] => {
    const out: [string, string][] = [];
    for (let i = 0; i < pairs.a.length; i++) {
      if (pairs.weight[i]! >= least) out.push([ids[pairs.a[i]!]!, ids[pairs.b[i]!]!]);
    }
    return out;
  };
  const links = outcome.links
    ? outcome.links.map((at): [string, string] => [ids[pairs.a[at]!]!, ids[pairs.b[at]!]!])
    : from(model.thresholds.link);
  const partition = (groups: Int32Array) => new Map(ids.map((id, row) => [id, ids[groups[row]!]!]));
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const { keys } = planKeys(openFields(model.schema.fields), table, model.keys, linking, 30_000);
  const isCandidate = (a: string, b: string): boolean => {
    const [x, y] = [rowOf.get(a), rowOf.get(b)];
    return x !== undefined && y !== undefined && keys.some(({ codes }) => sharedCode(codes, x, y) !== 0);
  };
  return {
    links: scorePairs(links, truePairs),
    partition: scorePartition(partition(outcome.clustering.clusterOf), entity),
    blockingRecall: blockingRecall(isCandidate, truePairs),
    reviewShare: reviewShare(
      outcome.review.map((at): [string, string] => [ids[pairs.a[at]!]!, ids[pairs.b[at]!]!]),
      table.size,
    ),
    automatic: scorePartition(partition(outcome.automatic), entity).pairs,
  };
}

/** Name of a record in the judgement: its id, with the number of its file when two files are linked. */
export function nameOf(linking: boolean, file: number, id: string): string {
  return linking ? `${file}:${id}` : id;
}

function pairsOf(
  entity: ReadonlyMap<string, string>,
  ids: readonly string[],
  source: Uint8Array | null,
): [string, string][] {
  const groups = new Map<string, number[]>();
  ids.forEach((id, row) => {
    const name = entity.get(id);
    if (name === undefined || name === '') return;
    const group = groups.get(name) ?? [];
    group.push(row);
    groups.set(name, group);
  });
  const out: [string, string][] = [];
  for (const rows of groups.values()) {
    for (let i = 0; i < rows.length; i++) {
      for (let j = i + 1; j < rows.length; j++) {
        if (source && source[rows[i]!] === source[rows[j]!]) continue;
        out.push([ids[rows[i]!]!, ids[rows[j]!]!]);
      }
    }
  }
  return out;
}

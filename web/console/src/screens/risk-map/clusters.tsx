import type { RiskMap } from '@hutong/contract/watch.ts';
import { moment, useFormat } from '../../app/format.ts';
import type { lettered } from './map-figures.ts';
import { useRiskMapWords } from './words.ts';

/** What the circles mean, in words. */
export function Clusters({ map, clusters }: { map: RiskMap; clusters: ReturnType<typeof lettered> }) {
  const say = useRiskMapWords();
  const { pick, number } = useFormat();
  const names = new Map(map.areas.map((area) => [area.area, pick(area)]));
  const named = (code: string): string => names.get(code) ?? code;
  const round = (value: number): string => number(Math.round(value * 10) / 10);
  const nothing =
    map.channel.code !== 'cases' ? say('onlyCases') : map.scannedAt === null ? say('neverScanned') : say('noClusters');
  return (
    <section className="panel">
      <h2>{say('clusters')}</h2>
      {clusters.length === 0 && <p className="quiet">{nothing}</p>}
      <ul className="ranked">
        {clusters.map(({ letter, cluster }) => (
          <li key={letter}>
            <b>{letter}</b>
            <span className="small">{say(`model.${cluster.model}`)}</span>
            <small>
              {say('clusterText', {
                from: cluster.from,
                to: cluster.to,
                areas: cluster.areas.map(named).join(', '),
                cases: number(cluster.cases),
                expected: round(cluster.expected),
                ratio: round(cluster.relativeRisk),
                p: number(cluster.p),
              })}
              {cluster.recurrenceDays !== null &&
                ` · ${say('recurrence', { days: number(Math.round(cluster.recurrenceDays)) })}`}
              {` · ${say('centre', { area: named(cluster.centre), km: number(cluster.radiusKm) })}`}
            </small>
          </li>
        ))}
      </ul>
      {map.scannedAt && <p className="quiet small">{say('scanned', { at: moment(map.scannedAt) })}</p>}
    </section>
  );
}

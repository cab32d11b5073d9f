import type { Boundaries, RiskMap } from '@hutong/contract/watch.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { colours, riskShades } from '../../app/theme.ts';
import { Failure, Loading } from '../../parts/states.tsx';
import type { Drawn } from './tile-grid.tsx';
import { useRiskMapWords } from './words.ts';

type Box = { west: number; east: number; south: number; north: number };
const boxOf = (items: Boundaries['items']): Box => {
  const points = items.flatMap(({ polygons }) => polygons.flatMap((rings) => rings[0] ?? []));
  const box = { west: 180, east: -180, south: 90, north: -90 };
  for (const [x, y] of points) {
    box.west = Math.min(box.west, x);
    box.east = Math.max(box.east, x);
    box.south = Math.min(box.south, y);
    box.north = Math.max(box.north, y);
  }
  return box;
};
/** The middle of an area's largest outline. */
function middleOf(polygons: [number, number][][][]): [number, number] {
  const largest = polygons.map((rings) => rings[0] ?? []).sort((one, other) => other.length - one.length)[0] ?? [];
  const box = boxOf([{ area: '', polygons: [[largest]] }]);
  return [(box.west + box.east) / 2, (box.south + box.north) / 2];
}

const width = 840;
/** Kilometres of one degree of latitude. */
const degree = 111.32;

/** The same figures on the operator's own boundary file, with scan circles at their true size. */
export function BorderMap({
  map,
  figures,
  shade,
  text,
  letters,
  label,
  clusters,
}: Drawn & { clusters: { letter: string; cluster: RiskMap['clusters'][0] }[] }) {
  const say = useRiskMapWords();
  const { pick } = useFormat();
  const { data, error, refetch } = useQuery({
    queryKey: ['boundaries'],
    queryFn: ({ signal }) => call<Boundaries>('/surveillance/boundaries', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <Failure failure={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={10} />;
  const box = boxOf(data.items);
  const stretch = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  const scale = width / Math.max(1e-6, (box.east - box.west) * stretch);
  const height = Math.ceil((box.north - box.south) * scale);
  const place = ([x, y]: [number, number]): [number, number] => [
    (x - box.west) * stretch * scale,
    (box.north - y) * scale,
  ];
  const names = new Map(map.areas.map((area) => [area.area, area]));
  const outlines = new Map(data.items.map((item) => [item.area, item]));
  const missing = map.tiles.filter(({ area }) => !outlines.has(area)).length;
  return (
    <>
      <svg className="watch-chart" viewBox={`-4 -4 ${width + 8} ${height + 8}`} role="img" aria-label={label}>
        <defs>
          <pattern id="map-gap" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="8" height="8" fill={colours.surface} />
            <path d="M0 0V8" stroke={colours.edge} strokeWidth="2" />
          </pattern>
        </defs>
        {data.items.map(({ area, polygons }) => {
          const figure = figures.get(area) ?? { kind: 'gap' as const };
          const step = shade(figure);
          const path = polygons
            .flatMap((rings) =>
              rings.map(
                (ring) =>
                  `M${ring
                    .map((point) =>
                      place(point)
                        .map((n) => n.toFixed(1))
                        .join(' '),
                    )
                    .join('L')}Z`,
              ),
            )
            .join('');
          const named = names.get(area);
          return (
            <path
              key={area}
              d={path}
              fillRule="evenodd"
              fill={
                figure.kind === 'gap' ? 'url(#map-gap)' : step === null ? colours.surface : riskShades[step]?.ground
              }
              stroke={letters.has(area) ? colours.ink : colours.edge}
              strokeWidth={letters.has(area) ? 3 : 1}
            >
              <title>{`${named ? pick(named) : area} ${text(figure)}`}</title>
            </path>
          );
        })}
        {clusters.map(({ letter, cluster }) => {
          const outline = outlines.get(cluster.centre);
          if (!outline) return null;
          const [x, y] = place(middleOf(outline.polygons));
          const radius = Math.max(14, (cluster.radiusKm / degree) * scale + 12);
          return (
            <g key={letter}>
              <circle cx={x} cy={y} r={radius} fill="none" stroke={colours.surface} strokeWidth="7" />
              <circle
                cx={x}
                cy={y}
                r={radius}
                fill="none"
                stroke={colours.indigo}
                strokeWidth="3"
                strokeDasharray="8 5"
              />
              <text
                x={x + radius * 0.72}
                y={y - radius * 0.72}
                fontSize="24"
                fontWeight="700"
                stroke={colours.surface}
                strokeWidth="5"
                paintOrder="stroke"
                fill={colours.indigo}
              >
                {letter}
              </text>
            </g>
          );
        })}
      </svg>
      {missing > 0 && <p className="quiet small">{say('noOutline', { count: missing })}</p>}
    </>
  );
}

import type { RiskMap } from '@hutong/contract/watch.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useId } from 'react';
import { call, queryOf } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { riskShades } from '../../app/theme.ts';
import { SelectField } from '../../parts/fields.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useWeekWords, WatchPage } from '../watch/watch-page.tsx';
import { AreaTable } from './area-table.tsx';
import { BorderMap } from './border-map.tsx';
import { Clusters } from './clusters.tsx';
import { type Figure, figureOf, lettered, limitsOf, shadeOf } from './map-figures.ts';
import { TileGrid } from './tile-grid.tsx';
import { useRiskMapWords } from './words.ts';
import './risk-map.css';

const route = getRouteApi('/staff/risk-map');

export function RiskMapPage() {
  const say = useRiskMapWords();
  const { channel = 'cases', topic = 'influenza' } = route.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ['risk-map', channel, topic],
    queryFn: ({ signal }) => call<RiskMap>(`/surveillance/map${queryOf({ channel, topic })}`, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <WatchPage title={say('title')} lead={say('lead', { fewest: data?.fewest ?? 5 })}>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={12} />}
      {data && <Body map={data} />}
    </WatchPage>
  );
}

function Body({ map }: { map: RiskMap }) {
  const say = useRiskMapWords();
  const { pick, number } = useFormat();
  const { week } = useWeekWords();
  const search = route.useSearch();
  const show = search.show === 'count' ? 'count' : 'rate';
  const span = search.span === '1' ? 1 : 4;
  const last = map.weeks.length - 1;
  const end = Math.min(last, Math.max(span - 1, Number(search.week ?? last)));
  const withCircles = search.circles !== 'off';
  const view = search.view === 'borders' && map.boundaries ? 'borders' : 'tiles';
  const limits = limitsOf(map, span, show);
  const figures = new Map(map.areas.map((area) => [area.area, figureOf(area, end, span, show, map.fewest)]));
  const round = (value: number): string => number(value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);
  const text = (figure: Figure): string => {
    if (figure.kind === 'gap') return say('gap');
    if (figure.kind === 'few') return `<${map.fewest}`;
    if (figure.kind === 'no-population') return '—';
    return figure.partial ? say('atLeast', { value: round(figure.value) }) : round(figure.value);
  };
  const shade = (figure: Figure): number | null => (figure.kind === 'value' ? shadeOf(figure.value, limits) : null);
  const clusters = withCircles && end === last ? lettered(map) : [];
  const letters = new Map(
    clusters.toReversed().flatMap(({ letter, cluster }) => cluster.areas.map((area) => [area, letter])),
  );
  const values = map.areas.flatMap((area) => {
    const figure = figures.get(area.area);
    return figure?.kind === 'value' ? [{ area, value: figure.value }] : [];
  });
  const most = values.reduce<(typeof values)[0] | null>(
    (best, row) => (best && best.value >= row.value ? best : row),
    null,
  );
  const label = say('picture', {
    topic: pick(map.topic),
    from: map.weeks[end - span + 1]?.from ?? '',
    to: map.weeks[end]?.to ?? '',
    known: values.length,
    area: most ? pick(most.area) : say('nothing'),
    value: most ? round(most.value) : '',
    gaps: [...figures.values()].filter(({ kind }) => kind === 'gap').length,
  });
  const drawn = { map, figures, shade, text, letters, label };
  return (
    <>
      <Controls map={map} show={show} span={span} view={view} withCircles={withCircles} />
      <div className="watch-columns">
        <section className="panel">
          <Slider
            map={map}
            end={end}
            least={span - 1}
            text={say('until', { week: map.weeks[end] ? week(map.weeks[end]) : '', to: map.weeks[end]?.to ?? '' })}
          />
          {view === 'tiles' ? <TileGrid {...drawn} /> : <BorderMap {...drawn} clusters={clusters} />}
          <ul className="map-legend" aria-label={say('legend')}>
            {riskShades.map(({ ground, text: ink }, index) => (
              <li key={ground} style={{ background: ground, color: ink }}>
                {index === 0 ? `≤ ${round(limits[0] ?? 0)}` : `> ${round(limits[index - 1] ?? 0)}`}
              </li>
            ))}
            {show === 'rate' && <li className="map-few">{say('few', { fewest: map.fewest })}</li>}
            <li className="map-gap">{say('gap')}</li>
          </ul>
          {map.elsewhere > 0 && <p className="quiet small">{say('elsewhere', { count: number(map.elsewhere) })}</p>}
          <p className="quiet small">{say('newArea')}</p>
        </section>
        <div>
          <Clusters map={map} clusters={clusters} />
          <section className="panel">
            <h2>{say('denominators')}</h2>
            <p className="small">
              {map.populationAt ? say('populationNote', { day: map.populationAt }) : say('noDenominators')}
            </p>
          </section>
        </div>
      </div>
      <AreaTable map={map} end={end} span={span} letters={letters} />
    </>
  );
}

function Controls({
  map,
  show,
  span,
  view,
  withCircles,
}: {
  map: RiskMap;
  show: 'rate' | 'count';
  span: number;
  view: 'tiles' | 'borders';
  withCircles: boolean;
}) {
  const say = useRiskMapWords();
  const { pick } = useFormat();
  const navigate = route.useNavigate();
  const box = useId();
  const set = (change: Record<string, string>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const groups = new Map(map.topics.map(({ channel }) => [channel, channel]));
  return (
    <div className="filters">
      <SelectField
        label={say('topic')}
        value={`${map.channel.code} ${map.topic.code}`}
        choices={[...groups.keys()].flatMap((channel) =>
          map.topics
            .filter((topic) => topic.channel === channel)
            .map((topic) => ({
              value: `${channel} ${topic.code}`,
              label: pick(topic),
              group: pick(topic.channelName),
            })),
        )}
        onChange={(value) => {
          const [channel = '', topic = ''] = value.split(' ');
          set({ channel, topic });
        }}
      />
      <SelectField
        label={say('show')}
        value={show}
        choices={[
          { value: 'rate', label: say('rate') },
          { value: 'count', label: say('counted') },
        ]}
        onChange={(value) => set({ show: value })}
      />
      <SelectField
        label={say('span')}
        value={String(span)}
        choices={['1', '4'].map((value) => ({ value, label: say('weeks', { count: value }) }))}
        onChange={(value) => set({ span: value })}
      />
      {map.boundaries && (
        <SelectField
          label={say('view')}
          value={view}
          choices={[
            { value: 'tiles', label: say('tiles') },
            { value: 'borders', label: say('borders') },
          ]}
          onChange={(value) => set({ view: value })}
        />
      )}
      <label className="check" htmlFor={box}>
        <input
          id={box}
          type="checkbox"
          checked={withCircles}
          onChange={(event) => set({ circles: event.target.checked ? 'on' : 'off' })}
        />
        {say('circlesOn')}
      </label>
    </div>
  );
}

function Slider({ map, end, least, text }: { map: RiskMap; end: number; least: number; text: string }) {
  const say = useRiskMapWords();
  const navigate = route.useNavigate();
  const id = useId();
  return (
    <div className="map-slider">
      <label htmlFor={id}>
        <span className="unseen">{say('slider')} </span>
        {text}
      </label>
      <input
        id={id}
        type="range"
        min={least}
        max={map.weeks.length - 1}
        value={end}
        aria-valuetext={text}
        onChange={(event) =>
          void navigate({ search: (before) => ({ ...before, week: event.target.value }), replace: true })
        }
      />
    </div>
  );
}

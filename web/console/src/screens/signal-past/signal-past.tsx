import type { SignalPast } from '@hutong/contract/watch.ts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../app/api.ts';
import { useFormat } from '../../app/format.ts';
import { colours } from '../../app/theme.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { WeekBars } from '../../parts/week-bars.tsx';
import { useSignalPastWords } from './words.ts';
import '../watch/watch.css';

/** What this series was in earlier years, and what other channels show now. */
export function SignalPastPanel({ id }: { id: string }) {
  const say = useSignalPastWords();
  const { data, error, refetch } = useQuery({
    queryKey: ['signal-past', id],
    queryFn: ({ signal }) => call<SignalPast>(`/surveillance/signals/${id}/past`, { signal }),
  });
  return (
    <section className="panel">
      <h2>{say('title')}</h2>
      {error && !data && <Failure failure={error} retry={() => void refetch()} />}
      {!data && !error && <Loading rows={4} />}
      {data && data.years.length === 0 && <p className="quiet">{say('none')}</p>}
      {data && data.years.length > 0 && <Years past={data} />}
      {data && data.channels.length > 0 && <Others past={data} />}
    </section>
  );
}

const width = 720;
const height = 190;
const frame = { left: 44, right: 12, top: 12, bottom: 26 };

function Years({ past }: { past: SignalPast }) {
  const say = useSignalPastWords();
  const { number } = useFormat();
  const before = past.to.map((_, index) => past.years.flatMap(({ counts }) => counts[index] ?? []));
  const least = before.map((values) => (values.length > 0 ? Math.min(...values) : null));
  const most = before.map((values) => (values.length > 0 ? Math.max(...values) : null));
  const top = Math.max(1, ...most.map((n) => n ?? 0), ...past.now.map((n) => n ?? 0)) * 1.06;
  const step = (width - frame.left - frame.right) / past.to.length;
  const x = (index: number): number => frame.left + index * step;
  const y = (value: number): number => frame.top + (1 - value / top) * (height - frame.top - frame.bottom);
  const cell = (value: number | null | undefined): string => (typeof value === 'number' ? number(value) : say('gap'));
  return (
    <>
      <svg
        className="watch-chart"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={say('picture', {
          windows: past.to.length,
          now: cell(past.now.at(-1)),
          least: cell(least.at(-1)),
          most: cell(most.at(-1)),
        })}
      >
        {[0, 1].map((share) => (
          <g key={share}>
            <path d={`M${frame.left} ${y((top / 1.06) * share)}H${width - frame.right}`} stroke={colours.line} />
            <text
              x={frame.left - 6}
              y={y((top / 1.06) * share) + 4}
              textAnchor="end"
              fontSize="12"
              fill={colours.inkSoft}
            >
              {number(Math.round((top / 1.06) * share))}
            </text>
          </g>
        ))}
        {past.to.map((day, index) => {
          const [low, high] = [least[index], most[index]];
          const values = before[index] ?? [];
          const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
          const now = past.now[index];
          return (
            <g key={day}>
              {typeof low === 'number' && typeof high === 'number' && (
                <>
                  <rect
                    x={x(index)}
                    width={step}
                    y={y(high)}
                    height={Math.max(1, y(low) - y(high))}
                    fill={colours.brickWash}
                  />
                  <path d={`M${x(index)} ${y(mean)}H${x(index + 1)}`} stroke={colours.brick} strokeWidth="1.5" />
                </>
              )}
              {typeof now === 'number' && (
                <rect
                  x={x(index) + step * 0.3}
                  width={step * 0.4}
                  y={y(now)}
                  height={Math.max(0, y(0) - y(now))}
                  fill={index === past.to.length - 1 ? colours.vermilion : colours.jade}
                />
              )}
              {(past.to.length - 1 - index) % 5 === 0 && (
                <text
                  x={index === past.to.length - 1 ? x(index + 1) : x(index + 0.5)}
                  y={height - 8}
                  textAnchor={index === past.to.length - 1 ? 'end' : 'middle'}
                  fontSize="12"
                  fill={colours.inkSoft}
                >
                  {day.slice(5)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <p className="quiet small">{say('note')}</p>
      <details className="watch-fold">
        <summary>{say('table')}</summary>
        <DataTable
          dense
          narrow="scroll"
          caption={say('title')}
          rows={past.to.map((day, index) => ({ day, index })).reverse()}
          rowKey={(row) => row.day}
          columns={[
            { key: 'window', title: say('window'), isRowName: true, cell: (row) => row.day },
            { key: 'now', title: say('thisYear'), align: 'right', cell: (row) => cell(past.now[row.index]) },
            ...past.years.map(({ yearsBack, counts }) => ({
              key: `y${yearsBack}`,
              title: say('yearsBack', { n: yearsBack }),
              align: 'right' as const,
              cell: (row: { index: number }) => cell(counts[row.index]),
            })),
          ]}
        />
      </details>
    </>
  );
}

function Others({ past }: { past: SignalPast }) {
  const say = useSignalPastWords();
  const { pick, number } = useFormat();
  return (
    <>
      <h3 className="watch-fold">{say('others')}</h3>
      <ul className="ranked">
        {past.channels.map(({ channel, topic, counts }) => {
          const last = counts.at(-1);
          return (
            <li key={`${channel.en} ${topic.en}`}>
              <span>
                {pick(channel)} · {pick(topic)}
              </span>
              <WeekBars
                values={counts}
                height={28}
                label={say('other', {
                  windows: counts.length,
                  last: typeof last === 'number' ? number(last) : say('gap'),
                })}
              />
            </li>
          );
        })}
      </ul>
    </>
  );
}

import type { WeekName } from '@hutong/contract/watch.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../app/format.ts';
import { Page } from '../../parts/page.tsx';
import { WeekBars } from '../../parts/week-bars.tsx';
import { useWatchWords } from './words.ts';
import './watch.css';

const pages = [
  { to: '/situation', word: 'situation' },
  { to: '/risk-map', word: 'map' },
  { to: '/estimates', word: 'estimates' },
  { to: '/rules', word: 'rules' },
  { to: '/performance', word: 'performance' },
  { to: '/bulletin', word: 'bulletin' },
] as const;

/** A page of the watch with the line of links to its neighbours. */
export function WatchPage({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const say = useWatchWords();
  return (
    <Page title={title} lead={lead} actions={actions}>
      <nav className="watch-pages" aria-label={say('pages')}>
        <ul className="chips">
          {pages.map(({ to, word }) => (
            <li key={to}>
              <Link to={to} className="chip" activeProps={{ 'aria-current': 'page' }}>
                {say(word)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </Page>
  );
}

export function useWeekWords(): {
  week(name: WeekName): string;
  /** A count, or the word for a gap. */
  count(value: number | null): string;
  /** @param large a drawing as wide as the page; else one for a cell or a tile */
  bars(values: readonly (number | null)[], large?: boolean): ReactNode;
} {
  const say = useWatchWords();
  const { number } = useFormat();
  const count = (value: number | null): string => (value === null ? say('gap') : number(value));
  return {
    week: ({ year, week }) => say('week', { year, week }),
    count,
    bars: (values, large = false) => (
      <WeekBars
        {...(large && { width: 960, height: 150 })}
        values={values}
        label={say('bars', {
          weeks: values.length,
          last: count(values.at(-1) ?? null),
          most: number(Math.max(0, ...values.map((value) => value ?? 0))),
          gaps: values.filter((value) => value === null).length,
        })}
      />
    ),
  };
}

import { areaAt } from '@hutong/china';
import type { MapArea, RiskMap } from '@hutong/contract/watch.ts';
import { type Call, type Refusal, type Reply, refuse } from '../../../core/access/index.ts';
import { dayOf } from '../decide.ts';
import { areaName, channelName, topicName } from '../places.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { scansOf } from '../tables/estimates.ts';
import { populationsOn } from '../tables/population.ts';
import { areaWeeks, heardWeeks } from '../tables/watch-counts.ts';
import { readTiles, shortName, tilesFor } from './tiles.ts';
import { isKnownWeek, mondaysBack, numberOfDay, spanTexts, weekName } from './weeks.ts';

/** Below 5 cases a rate moves by a fifth with one case more: it is not shown (and 20 is the usual mark for a stable one). */
export const fewestForRate = 5;
const shownWeeks = 26;
const tiles = readTiles();

/** Counts per area and week of one topic, with denominators, the tile grid and the clusters that the last scan found. */
export async function riskMap(door: SurveillanceDoor, { query, now }: Call): Promise<Reply | Refusal> {
  const topics = door.lists.topics.filter(
    ({ channel }) => door.lists.channels.find(({ code }) => code === channel)?.measure === 'count',
  );
  const channel = query.channel || 'cases';
  const code = query.topic || topics.find((row) => row.channel === channel)?.code || '';
  const about = door.lists.channels.find((row) => row.code === channel);
  if (!about || !topics.some((row) => row.channel === channel && row.code === code)) return refuse('HT-INPUT-004');
  const today = numberOfDay(dayOf(now));
  const mondays = mondaysBack(today, shownWeeks);
  const { from, to } = spanTexts({ from: mondays[0] as number, to: today });
  const institutions = door.directory.institutions().map(({ id, area }) => ({ id, area }));
  const [cells, heard, populations, scans] = await Promise.all([
    areaWeeks(door.pool, channel, code, from, to),
    about.kind === 'record' ? heardWeeks(door.pool, channel, institutions, from, to) : [],
    populationsOn(door.pool, to),
    channel === 'cases' ? scansOf(door.pool, code) : [],
  ]);
  const key = (area: string, week: number): string => `${area} ${week}`;
  const counts = new Map(cells.map((cell) => [key(cell.area, cell.week), cell]));
  const known = new Map(heard.map(({ area, week, days }) => [key(area, week), days]));
  const reported = new Set(cells.map(({ area }) => area));
  const grid = tilesFor(tiles, from, (area) => reported.has(area));
  const onGrid = new Set(grid.map(({ area }) => area));
  const areas = [...new Set([...grid.map(({ area }) => area), ...reported])].sort();
  const lastWeek = shownWeeks - 1;
  const daysOf = (week: number): number => (week === lastWeek ? today - (mondays[week] as number) + 1 : 7);
  const isKnown = (area: string, week: number): boolean => {
    const days = daysOf(week);
    // A weekly channel has spoken when it has spoken once.
    if (about.kind === 'outside')
      return (counts.get(key(area, week))?.days ?? 0) >= Math.ceil((days * 5) / 7 / about.cadenceDays);
    // A resident of an area whose own institutions are silent may be seen elsewhere: a count there is known.
    return isKnownWeek(known.get(key(area, week)) ?? 0, days) || counts.has(key(area, week));
  };
  const body: RiskMap = {
    channel: { code: channel, ...channelName(door.lists, channel) },
    topic: { code, ...topicName(door.lists, channel, code) },
    topics: topics.map(({ channel: of, code: topic, zh, en }) => ({
      channel: of,
      code: topic,
      zh,
      en,
      channelName: channelName(door.lists, of),
    })),
    weeks: mondays.map(weekName),
    areas: areas.map((area): MapArea => {
      const population = populations.get(area);
      const until = areaAt(area, to)?.area.until ?? null;
      return {
        area,
        ...areaName(area, to),
        short: shortName(areaName(area, to)),
        population: population && population.n > 0 ? population.n : null,
        source: population?.source ?? null,
        until: until !== null && until <= to.slice(0, 7) ? until : null,
        weeks: mondays.map((_, week) => (isKnown(area, week) ? (counts.get(key(area, week))?.n ?? 0) : null)),
      };
    }),
    tiles: grid.map(({ area, column, row, from: since, until }) => ({ area, column, row, from: since, until })),
    elsewhere: cells.filter(({ area }) => !onGrid.has(area)).reduce((sum, { n }) => sum + n, 0),
    clusters: scans.flatMap(({ clusters }) => clusters),
    scannedAt: scans[0]?.madeAt.toISOString() ?? null,
    populationAt:
      [...populations.values()]
        .map(({ validFrom }) => validFrom)
        .sort()
        .at(-1) ?? null,
    boundaries: door.boundaries !== null,
    fewest: fewestForRate,
  };
  return { body };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MapTile } from '@hutong/contract/watch.ts';
import type { Named } from '../places.ts';

export type Tile = MapTile & { longitude: number; latitude: number };

/** The tile grid of `data/tiles.tsv`. */
export function readTiles(): Tile[] {
  const [, ...lines] = readFileSync(join(import.meta.dirname, '../data/tiles.tsv'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => {
    const [area = '', column, row, longitude, latitude, from, until] = line.split('\t');
    return {
      area,
      column: Number(column),
      row: Number(row),
      longitude: Number(longitude),
      latitude: Number(latitude),
      from: from || null,
      until: until || null,
    };
  });
}

/** Kilometres on a plane that touches the earth at 30° N, 107.5° E: over Chongqing's 500 km the error is below 1 %. */
export function inKilometres({ longitude, latitude }: { longitude: number; latitude: number }): {
  x: number;
  y: number;
} {
  const degree = 111.32;
  return { x: (longitude - 107.5) * degree * Math.cos((30 * Math.PI) / 180), y: (latitude - 30) * degree };
}

/**
 * Tiles of a map whose first day is `from`: those of areas that exist in the span, and those of abolished areas that `reported` still names,
 * because systems keep a dead code for a while.
 */
export function tilesFor(tiles: Tile[], from: string, reported: (area: string) => boolean): Tile[] {
  const month = from.slice(0, 7);
  return tiles.filter(({ area, until }) => until === null || month < until || reported(area));
}

/** Names for a small tile: without the kind of area (区, 县, District), unless a single character would be left (忠县). */
export function shortName({ zh, en }: Named): Named {
  return {
    zh: zh.replace(/(土家族|苗族)*自治县$/u, '').replace(/(?<=.{2})[区县市]$/u, ''),
    en: en.replace(/ (District|County|City|.*Autonomous County)$/, ''),
  };
}

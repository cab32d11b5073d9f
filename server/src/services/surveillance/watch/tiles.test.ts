import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areaHistory, chongqingAreas } from '@hutong/china';
import { afterAll, expect, test } from 'vitest';
import { readBoundaries } from './boundaries.ts';
import { inKilometres, readTiles, shortName, tilesFor } from './tiles.ts';

const tiles = readTiles();
const folder = mkdtempSync(join(tmpdir(), 'hutong-tiles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every district has one cell of its own, with the validity of its code', () => {
  expect(tiles.map(({ area }) => area)).toEqual(chongqingAreas('2025-10').map(({ code }) => code));
  expect(new Set(tiles.map(({ column, row }) => `${column} ${row}`)).size).toBe(38);
  for (const { area, until } of tiles) expect(areaHistory(area).at(-1)?.until ?? null, area).toBe(until);
  const places = new Map(tiles.map((tile) => [tile.area, inKilometres(tile)]));
  const [yuzhong, wushan] = [places.get('500103'), places.get('500237')];
  expect(Math.hypot((yuzhong?.x ?? 0) - (wushan?.x ?? 0), (yuzhong?.y ?? 0) - (wushan?.y ?? 0))).toBeGreaterThan(300);
});

test('an abolished district keeps its cell only where the span reaches back, or counts still carry its code', () => {
  expect(tilesFor(tiles, '2025-06-01', () => false)).toHaveLength(38);
  expect(tilesFor(tiles, '2026-01-05', () => false)).toHaveLength(36);
  expect(tilesFor(tiles, '2026-01-05', (area) => area === '500105').map(({ area }) => area)).toContain('500105');
});

test('tiles carry short names', () => {
  expect(['沙坪坝区', '忠县', '开州区', '秀山土家族苗族自治县'].map((zh) => shortName({ zh, en: '' }).zh)).toEqual([
    '沙坪坝',
    '忠县',
    '开州',
    '秀山',
  ]);
  expect(shortName({ zh: '', en: 'Xiushan Tujia and Miao Autonomous County' }).en).toBe('Xiushan');
});

test('a boundary file is read by code, and one that cannot be used says what is wrong', () => {
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const square = [
    [
      [106, 29],
      [107, 29],
      [107, 30],
      [106, 30],
      [106, 29],
    ],
  ];
  const feature = (properties: object, coordinates: unknown = square, type = 'Polygon') => ({
    type: 'Feature',
    properties,
    geometry: { type, coordinates },
  });
  const good = file('good.json', {
    type: 'FeatureCollection',
    features: [feature({ adcode: 500106 }), feature({ gb: '156500107' }, [square, square], 'MultiPolygon')],
  });
  expect(readBoundaries(good).map(({ area, polygons }) => [area, polygons.length])).toEqual([
    ['500106', 1],
    ['500107', 2],
  ]);
  for (const [content, complaint] of [
    [{ type: 'Feature' }, /FeatureCollection/],
    [{ type: 'FeatureCollection', features: [feature({ name: 'x' })] }, /no six-digit code/],
    [{ type: 'FeatureCollection', features: [feature({ code: '500106' }, [[[1, 2]]])] }, /4 points/],
    [{ type: 'FeatureCollection', features: [feature({ code: '500106' }, square, 'Point')] }, /neither/],
  ] as const)
    expect(() => readBoundaries(file('bad.json', content))).toThrow(complaint);
  expect(() => readBoundaries(join(folder, 'absent.json'))).toThrow(/cannot be used/);
});

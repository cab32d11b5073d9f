import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import { loadTerminology, openTerminology, readTerminologyData, setLocalMaps } from './index.ts';

const ICD = 'http://hl7.org/fhir/sid/icd-10';
const LOINC = 'http://loinc.org';
let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await database?.drop();
});

test('loading twice writes once, and changed content is written again', async () => {
  const { pool } = database;
  expect((await loadTerminology(pool)).loaded).toBe(true);
  expect((await loadTerminology(pool)).loaded).toBe(false);
  const data = readTerminologyData();
  const renamed = data.concepts.map((one) => (one.code === 'I10' ? { ...one, zh: '原发性高血压' } : one));
  expect((await loadTerminology(pool, { ...data, concepts: renamed })).loaded).toBe(true);
  expect((await openTerminology(pool)).display(ICD, 'I10', 'zh')).toBe('原发性高血压');
  expect((await loadTerminology(pool)).loaded).toBe(true);
});

test('two servers that load at once do not collide', async () => {
  const { pool } = database;
  await pool.query('delete from terminology.loaded');
  const both = await Promise.all([loadTerminology(pool), loadTerminology(pool)]);
  expect(both.filter(({ loaded }) => loaded)).toHaveLength(1);
});

test('what was loaded reads back as it was', async () => {
  const { pool } = database;
  await loadTerminology(pool);
  const terminology = await openTerminology(pool);
  expect(terminology.validate(ICD, 'A90', '2020-01-01')).toEqual({ ok: false, reason: 'retired' });
  expect(terminology.lookup(LOINC, '14749-6')?.properties).toEqual({
    kind: 'lab',
    unit: 'mmol/L',
    molecularWeight: '180.156',
  });
  expect(terminology.expand('urn:hutong:value-set:notifiable')?.length).toBeGreaterThan(100);
  const converted = terminology.convert(100, 'mg/dL', 'mmol/L', '14749-6');
  expect(converted.ok && converted.value).toBeCloseTo(5.55, 2);
});

test('a new local table ends the old one the day before, and a reload of the standards leaves it alone', async () => {
  const { pool } = database;
  const arrow = {
    institution: 'H1',
    sourceSystem: 'urn:h1',
    sourceCode: 'GLU',
    targetSystem: LOINC,
    equivalence: 'equivalent' as const,
  };
  await setLocalMaps(pool, [{ ...arrow, targetCode: '15074-8', from: '2020-01-01' }], 'test');
  await setLocalMaps(pool, [{ ...arrow, targetCode: '14749-6', from: '2023-07-01', unit: 'mmol/L' }], 'test');
  await pool.query('delete from terminology.loaded');
  await loadTerminology(pool);
  const terminology = await openTerminology(pool);
  expect(terminology.translate('H1', 'urn:h1', 'GLU', '2023-06-30').map(({ code }) => code)).toEqual(['15074-8']);
  expect(terminology.translate('H1', 'urn:h1', 'GLU', '2023-07-01').map(({ code }) => code)).toEqual(['14749-6']);
  expect(terminology.translate('H1', 'urn:h1', 'GLU')[0]).toMatchObject({ unit: 'mmol/L' });
});

test('setting the same table again changes nothing, and a correction on the same day replaces', async () => {
  const { pool } = database;
  const arrow = {
    institution: 'H3',
    sourceSystem: 'urn:h3',
    sourceCode: 'K',
    targetSystem: LOINC,
    equivalence: 'equivalent' as const,
    from: '2024-01-01',
  };
  await setLocalMaps(pool, [{ ...arrow, targetCode: '2951-2' }], 'test');
  await setLocalMaps(pool, [{ ...arrow, targetCode: '2823-3' }], 'test');
  await setLocalMaps(pool, [{ ...arrow, targetCode: '2823-3' }], 'test');
  const terminology = await openTerminology(pool);
  expect(terminology.translate('H3', 'urn:h3', 'K', '2024-05-01').map(({ code }) => code)).toEqual(['2823-3']);
});

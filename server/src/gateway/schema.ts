import { join } from 'node:path';
import type { Migrations } from '../kit/migrate.ts';

/** The rooms that keep tables, in the order of the floor plan: a room's tables may be referred to only by those after it. */
export const migrations: Migrations[] = [
  ...['vault', 'directory', 'terminology', 'audit', 'access', 'events', 'store', 'identity'].map((room) => ({
    room,
    folder: join(import.meta.dirname, '../core', room, 'migrations'),
  })),
  { room: 'intake', folder: join(import.meta.dirname, '../border', 'intake', 'migrations') },
  { room: 'fhir', folder: join(import.meta.dirname, '../border', 'fhir', 'migrations') },
  { room: 'erasure', folder: join(import.meta.dirname, '../border', 'erasure', 'migrations') },
  { room: 'record_index', folder: join(import.meta.dirname, '../services', 'record-index', 'migrations') },
  { room: 'surveillance', folder: join(import.meta.dirname, '../services', 'surveillance', 'migrations') },
  { room: 'health_code', folder: join(import.meta.dirname, '../services', 'health-code', 'migrations') },
  { room: 'gateway', folder: join(import.meta.dirname, 'migrations') },
];

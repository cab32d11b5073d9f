import { type Route, refuse } from '../../../core/access/index.ts';
import type { SurveillanceDoor } from '../routes.ts';
import { bulletin } from './bulletin.ts';
import { estimate, estimateList } from './estimates.ts';
import { noteMissed, performance } from './performance.ts';
import { enterPopulation, populationList } from './population.ts';
import { riskMap } from './risk-map.ts';
import { ruleMethods } from './rule-methods.ts';
import { actOnRule, ruleList, rulePage, saveDraft, tryRule } from './rules.ts';
import { signalPast } from './signal-past.ts';
import { situation } from './situation.ts';

const scope = {
  channel: { type: 'string', maxLength: 40 },
  topic: { type: 'string', maxLength: 60 },
  area: { type: 'string', maxLength: 10 },
};
const settings = {
  type: 'object',
  required: ['method', 'fewest'],
  additionalProperties: false,
  properties: {
    method: { enum: ruleMethods },
    alpha: { type: 'number' },
    percentile: { type: 'number' },
    years: { type: 'integer' },
    cases: { type: 'integer' },
    fewest: { type: 'integer' },
  },
};
const day = { type: 'string', format: 'date' };
const tried = { ...scope, settings, years: { type: 'integer', minimum: 1, maximum: 5 } };

/** The statistics side: what is on top, where, how fast it spreads, and how well the platform does. Counts only: no route here names a person. */
export function watchRoutes(door: SurveillanceDoor): Route[] {
  const read = { method: 'GET' as const, permission: 'surveillance.read' as const };
  const write = { method: 'POST' as const, permission: 'surveillance.act' as const };
  return [
    {
      ...read,
      path: '/api/surveillance/situation',
      summary: 'What is on top now',
      handle: (call) => situation(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/signals/:id/past',
      summary: 'The same windows in earlier years and in other channels',
      handle: (call) => signalPast(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/map',
      summary: 'Counts and rates per area and week, with clusters',
      handle: (call) => riskMap(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/boundaries',
      summary: 'Outlines of areas from the operator’s boundary file',
      handle: async () => (door.boundaries ? { body: { items: door.boundaries } } : refuse('HT-INPUT-004')),
    },
    {
      ...read,
      path: '/api/surveillance/estimates',
      summary: 'Reproduction numbers, newest',
      handle: (call) => estimateList(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/estimate',
      summary: 'Nowcast, reproduction number and forecast of one disease in one area',
      handle: (call) => estimate(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/performance',
      summary: 'Sensitivity, predictive value, response times',
      handle: (call) => performance(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/bulletin',
      summary: 'The bulletin of a week',
      handle: (call) => bulletin(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/rules',
      summary: 'Detection rules in force and drafts',
      handle: (call) => ruleList(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/rule',
      summary: 'Versions and history of one rule',
      handle: (call) => rulePage(door, call),
    },
    {
      ...write,
      path: '/api/surveillance/rules/try',
      summary: 'Back-test a rule on past years',
      schema: {
        body: {
          type: 'object',
          required: ['channel', 'topic', 'area', 'settings', 'years'],
          additionalProperties: false,
          properties: tried,
        },
      },
      handle: (call) => tryRule(door, call),
    },
    {
      ...write,
      path: '/api/surveillance/rules',
      summary: 'Keep a version of a rule with its back-test',
      schema: {
        body: {
          type: 'object',
          required: ['channel', 'topic', 'area', 'settings', 'years'],
          additionalProperties: false,
          properties: { ...tried, note: { type: 'string', maxLength: 500 } },
        },
      },
      handle: (call) => saveDraft(door, call),
    },
    {
      ...write,
      path: '/api/surveillance/rules/act',
      summary: 'Enable, disable or undo a rule, with a reason',
      schema: {
        body: {
          type: 'object',
          required: ['channel', 'topic', 'area', 'act', 'reason'],
          additionalProperties: false,
          properties: {
            ...scope,
            act: { enum: ['enable', 'disable', 'undo'] },
            rule: { type: 'string', pattern: '^\\d{1,15}$' },
            reason: { type: 'string', minLength: 4, maxLength: 500 },
          },
        },
      },
      handle: (call) => actOnRule(door, call),
    },
    {
      ...write,
      path: '/api/surveillance/missed-outbreaks',
      summary: 'Note an outbreak that became known without a signal',
      schema: {
        body: {
          type: 'object',
          required: ['disease', 'area', 'from', 'note'],
          additionalProperties: false,
          properties: {
            disease: { type: 'string', maxLength: 60 },
            area: { type: 'string', maxLength: 10 },
            from: day,
            note: { type: 'string', minLength: 4, maxLength: 500 },
          },
        },
      },
      handle: (call) => noteMissed(door, call),
    },
    {
      ...read,
      path: '/api/surveillance/population',
      summary: 'Denominators and where they come from',
      handle: (call) => populationList(door, call),
    },
    {
      method: 'POST',
      permission: 'surveillance.agree',
      path: '/api/surveillance/population',
      summary: 'Enter official population figures',
      schema: {
        body: {
          type: 'object',
          required: ['validFrom', 'note', 'items'],
          additionalProperties: false,
          properties: {
            validFrom: day,
            note: { type: 'string', minLength: 4, maxLength: 300 },
            items: {
              type: 'array',
              minItems: 1,
              maxItems: 5000,
              items: {
                type: 'object',
                required: ['area', 'n'],
                additionalProperties: false,
                properties: {
                  area: { type: 'string', pattern: '^\\d{6}$' },
                  n: { type: 'integer', minimum: 0, maximum: 100_000_000 },
                },
              },
            },
          },
        },
      },
      handle: (call) => enterPopulation(door, call),
    },
  ];
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateResource } from '@hutong/fhir';
import { describe, expect, it } from 'vitest';
import { reduce } from './fixtures/reduce.ts';
import { send } from './fixtures/send.ts';

const folder = join(import.meta.dirname, 'fixtures');
const files = readdirSync(folder).filter((file) => file.endsWith('.hl7'));
const bytes = (file: string): Buffer => readFileSync(join(folder, file));

/** kind, facts by type, unmapped values, issues: one line per message. */
function line(file: string): string {
  const { kind, facts, merges, unmapped, issues } = send(bytes(file));
  const types = new Map<string, number>();
  for (const { resource } of facts) types.set(resource.resourceType, (types.get(resource.resourceType) ?? 0) + 1);
  const told = [...types].sort().map(([type, count]) => `${type} ${count}`);
  const left = unmapped.reduce((sum, one) => sum + one.count, 0);
  const held = issues.some((issue) => issue.severity === 'error') ? 'HELD' : 'taken';
  const rules = [...new Set(issues.map((issue) => `${issue.rule.slice(6)} ${issue.path}`))];
  return [
    file.replace('.hl7', ''),
    kind,
    held,
    told.join(', '),
    `merges ${merges.length}`,
    `unmapped ${left}`,
    rules.join('; '),
  ].join(' | ');
}

describe('the 69 sample messages', () => {
  it('are all taken, and each gives exactly these facts', async () => {
    expect(files).toHaveLength(69);
    await expect(`${files.map(line).join('\n')}\n`).toMatchFileSnapshot('./fixtures/expected.txt');
  });

  it('hold nothing back: no message has an error', () => {
    const held = files.filter((file) => send(bytes(file)).issues.some((issue) => issue.severity === 'error'));
    expect(held).toEqual([]);
  });

  it.each(files)('%s ends in valid FHIR R4', (file) => {
    const problems = [...reduce([send(bytes(file))])].flatMap(([key, resource]) =>
      validateResource(resource)
        .filter((issue) => issue.severity === 'error')
        .map((issue) => `${key.split('|')[0]} ${issue.expression} ${issue.diagnostics}`),
    );
    expect(problems).toEqual([]);
  });

  it('gives the same facts when translated twice', () => {
    for (const file of files) expect(send(bytes(file))).toEqual(send(bytes(file)));
  });
});

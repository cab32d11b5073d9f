import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../contract/errors.ts';
import { glossary } from '../contract/glossary.ts';
import { settings } from '../server/src/kit/config.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The reference pages, made from the tables that the code itself uses; a test holds the files to them. */
export const referencePages: Record<string, string> = {
  'settings.md': [
    '# Settings',
    '',
    'Flags win over environment variables, those over defaults. Made from `server/src/kit/config.ts`.',
    '',
    '| Flag | Variable | Default | Meaning |',
    '|---|---|---|---|',
    ...settings.map(
      ([flag, variable, value, means]) =>
        `| \`--${flag}\` | \`${variable}\` | ${value ? `\`${value}\`` : ''} | ${cell(means)} |`,
    ),
    '',
  ].join('\n'),
  'errors.md': [
    '# Errors',
    '',
    'Every refusal of the platform. On the FHIR face they come inside an OperationOutcome. Made from `contract/errors.ts`.',
    '',
    '| Code | Status | 中文 | English | What to do |',
    '|---|---|---|---|---|',
    ...Object.entries(errors).map(
      ([code, row]) =>
        `| \`${code}\` | ${row.status} | ${cell(row.zh)} | ${cell(row.en)} | ${'fixEn' in row ? `${cell(row.fixZh)} / ${cell(row.fixEn)}` : ''} |`,
    ),
    '',
  ].join('\n'),
  'glossary.md': [
    '# Glossary',
    '',
    'One word per idea; the English word is the identifier everywhere. Made from `contract/glossary.ts`.',
    '',
    '| Word | 中文 | Means | Not |',
    '|---|---|---|---|',
    ...glossary.map(({ en, zh, means, never }) => `| ${en} | ${zh} | ${cell(means)} | ${never?.join(', ') ?? ''} |`),
    '',
  ].join('\n'),
};

if (import.meta.main)
  for (const [name, text] of Object.entries(referencePages))
    writeFileSync(join(import.meta.dirname, '../docs/reference', name), text);

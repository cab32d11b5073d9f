/** What server and web share. Import the files you need: `@hutong/contract/console.ts`, `errors.ts`, `glossary.ts`, `systems.ts`. */
export type * from './console.ts';
export { type ErrorCode, errors } from './errors.ts';
export { glossary, type Term } from './glossary.ts';
export { systems } from './systems.ts';

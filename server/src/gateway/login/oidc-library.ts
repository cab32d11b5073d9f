/**
 * The one place that loads `oidc-provider`. It complains at every start when Node's build says of itself that it is no LTS line;
 * the builds that npm brings say nothing about that, so this one sentence is kept from every start's first line.
 */
const said = console.warn;
console.warn = (...words: unknown[]) => {
  if (!String(words[0]).includes('Unsupported runtime')) said(...words);
};
const library = await import('oidc-provider');
console.warn = said;

export const { default: Provider, errors } = library;

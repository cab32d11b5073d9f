import type { Institution } from '@hutong/contract/console.ts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Choice } from '../parts/fields.tsx';
import { call, queryOf } from './api.ts';
import { useFormat } from './format.ts';

export const institutionsQuery = (filter: { area?: string; q?: string }) =>
  queryOptions({
    queryKey: ['institutions', filter.area ?? '', filter.q ?? ''],
    queryFn: ({ signal }) => call<{ items: Institution[] }>(`/directory/institutions${queryOf(filter)}`, { signal }),
    staleTime: 300_000,
  });

/** The name of an area code as the directory has it; the code itself until the directory is read. */
export function useAreaName(): (area: string) => string {
  const { data } = useQuery(institutionsQuery({}));
  const { language } = useFormat();
  const names = new Map((data?.items ?? []).map((item) => [item.area, language === 'en' ? item.areaEn : item.areaZh]));
  return (area) => names.get(area) ?? area;
}

/** All institutions as choices grouped by area, "all" first; the chosen one is kept even when the directory does not list it. */
export function useInstitutionChoices(all: string, chosen: string): Choice[] {
  const { data } = useQuery(institutionsQuery({}));
  const { language, name } = useFormat();
  const items = data?.items ?? [];
  const collator = new Intl.Collator(language);
  const choices = items
    .map(
      (item): Choice => ({ value: item.code, label: name(item), group: language === 'en' ? item.areaEn : item.areaZh }),
    )
    .toSorted(
      (one, other) => collator.compare(one.group ?? '', other.group ?? '') || collator.compare(one.label, other.label),
    );
  if (chosen !== '' && !choices.some((choice) => choice.value === chosen))
    choices.unshift({ value: chosen, label: chosen });
  return [{ value: '', label: all }, ...choices];
}

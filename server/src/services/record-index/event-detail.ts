import { isAbnormal, words } from './decide.ts';

type Json = Record<string, unknown>;
type Quantity = { value?: number; unit?: string; code?: string; comparator?: string };
export type DetailRow = { labelZh: string; labelEn: string; value: string; unit: string; range: string; flag: string };

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const quantity = ({ value, comparator }: Quantity): string => `${comparator ?? ''}${value ?? ''}`;

/** An observation's value as text, whatever its type. */
function resultOf(observation: Json): { value: string; unit: string } {
  const found = observation.valueQuantity as Quantity | undefined;
  if (found) return { value: quantity(found), unit: found.unit ?? found.code ?? '' };
  const concept = words(observation.valueCodeableConcept);
  if (concept) return { value: concept.zh, unit: '' };
  for (const name of ['valueString', 'valueDateTime', 'valueInteger', 'valueBoolean', 'valueTime'])
    if (observation[name] !== undefined) return { value: String(observation[name]), unit: '' };
  const range = observation.valueRange as { low?: Quantity; high?: Quantity } | undefined;
  if (range)
    return {
      value: `${range.low ? quantity(range.low) : ''}–${range.high ? quantity(range.high) : ''}`,
      unit: range.low?.unit ?? '',
    };
  return { value: words(observation.dataAbsentReason)?.zh ?? '', unit: '' };
}

function rangeOf(observation: Json): string {
  const range = list(observation.referenceRange)[0] as { text?: string; low?: Quantity; high?: Quantity } | undefined;
  if (!range) return '';
  return range.text ?? [range.low ? quantity(range.low) : '', range.high ? quantity(range.high) : ''].join('–');
}

export const observationRow = (observation: Json): DetailRow => {
  const title = words(observation.code) ?? { zh: '', en: '' };
  const flag =
    list(observation.interpretation)
      .flatMap(({ coding }) => list(coding))
      .map(({ code }) => String(code))[0] ?? '';
  return {
    labelZh: title.zh,
    labelEn: title.en,
    ...resultOf(observation),
    range: rangeOf(observation),
    flag: flag || (isAbnormal(observation) ? 'A' : ''),
  };
};

const line = (labelZh: string, labelEn: string, value: unknown): DetailRow[] =>
  value === undefined || value === null || value === ''
    ? []
    : [{ labelZh, labelEn, value: String(value), unit: '', range: '', flag: '' }];
const displayed = (reference: unknown): string | undefined => (reference as { display?: string } | undefined)?.display;

/** What a care event's own resource says, as labelled lines. */
export function resourceRows(resource: Json): DetailRow[] {
  const period = resource.period as { start?: string; end?: string } | undefined;
  return [
    ...line('状态', 'Status', resource.status),
    ...line('开始', 'Start', period?.start),
    ...line('结束', 'End', period?.end),
    ...list(resource.reasonCode).flatMap((reason) => line('就诊原因', 'Reason', words(reason)?.zh)),
    ...list(resource.participant).flatMap(({ individual }) => line('参与人员', 'Participant', displayed(individual))),
    ...list(resource.location).flatMap(({ location }) => line('地点', 'Location', displayed(location))),
    ...list(resource.performer).flatMap((performer) =>
      line('执行者', 'Performer', displayed(performer) ?? displayed(performer.actor)),
    ),
    ...list(resource.dosageInstruction).flatMap(({ text }) => line('用法用量', 'Dosage', text)),
    ...line('批号', 'Lot', resource.lotNumber),
    ...line('开单', 'Requested by', displayed(resource.requester)),
    ...line(
      '备注',
      'Note',
      list(resource.note)
        .map(({ text }) => text)
        .join('；'),
    ),
  ];
}

/** Plain text of a narrative or conclusion; markup is dropped, never handed to a browser. */
export function narrativeOf(resource: Json): string | null {
  const conclusion = resource.conclusion as string | undefined;
  const presented = list(resource.presentedForm)
    .concat(list(resource.content).map(({ attachment }) => (attachment ?? {}) as Json))
    .filter(({ contentType, data }) => typeof data === 'string' && String(contentType ?? '').startsWith('text/plain'))
    .map(({ data }) => Buffer.from(String(data), 'base64').toString('utf8'));
  const div = (resource.text as { div?: string } | undefined)?.div
    ?.replace(/<(br|\/p|\/tr|\/div)[^>]*>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .trim();
  const parts = [...presented, ...(conclusion ? [conclusion] : [])];
  return parts.length > 0 ? parts.join('\n\n') : div || null;
}

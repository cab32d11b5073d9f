import type { Resource } from '../../fact.ts';
import { writeTime } from '../read/time.ts';
import { oids } from '../systems.ts';
import { type Concept, conceptValue, firstOf } from './bag.ts';
import { element, entry, part } from './statement.ts';
import { type Node, node } from './xml.ts';

type Quantity = { value?: number; unit?: string };
type Dosage = {
  text?: string;
  timing?: { code?: Concept };
  route?: Concept;
  doseAndRate?: { doseQuantity?: Quantity }[];
};
type Dispense = { quantity?: Quantity; expectedSupplyDuration?: Quantity };

/** A medicine with its dose as `substanceAdministration`; undefined when the request only says for how long (a plain order). */
export function medicine(request: Resource): Node | undefined {
  const dosage = firstOf<Dosage>(request.dosageInstruction) ?? {};
  const dispense = (request.dispenseRequest ?? {}) as Dispense;
  const dose = firstOf<{ doseQuantity?: Quantity }>(dosage.doseAndRate)?.doseQuantity;
  const frequency = dosage.timing?.code?.text;
  if (!dose && !dosage.route && frequency === undefined && !dispense.quantity) return undefined;
  const concept = request.medicationCodeableConcept as Concept | undefined;
  const route = dosage.route?.coding?.[0];
  const [times = '', ...unit] = (frequency ?? '').split(' ');
  const amount = (name: string, quantity: Quantity | undefined): Node | undefined =>
    quantity?.value === undefined ? undefined : node(name, { value: String(quantity.value), unit: quantity.unit });
  const measured = (code: string, label: string, quantity: Quantity | undefined): Node[] =>
    quantity?.value === undefined
      ? []
      : [
          part(
            element(
              code,
              label,
              node('value', { 'xsi:type': 'PQ', value: String(quantity.value), unit: quantity.unit }),
            ),
          ),
        ];
  const coded = concept?.coding ? conceptValue('code', concept, false) : node('code');
  const drug = node('manufacturedLabeledDrug', {}, coded, node('name', {}, concept?.text ?? ''));
  const authored = request.authoredOn as string | undefined;
  return entry(
    node(
      'substanceAdministration',
      { classCode: 'SBADM', moodCode: 'EVN' },
      node('text', {}, dosage.text !== undefined && dosage.text),
      authored !== undefined && node('effectiveTime', { value: writeTime(authored) }),
      route &&
        node('routeCode', {
          code: route.code,
          codeSystem: oids.route,
          codeSystemName: '用药途径代码表',
          displayName: route.display,
        }),
      amount('doseQuantity', dose),
      frequency !== undefined && node('rateQuantity', { value: times, unit: unit.join(' ') }),
      node('consumable', {}, node('manufacturedProduct', {}, drug)),
      measured('DE06.00.135.00', '药物使用总剂量', dispense.quantity),
      measured('DE06.00.294.00', '处方有效天数', dispense.expectedSupplyDuration),
    ),
  );
}

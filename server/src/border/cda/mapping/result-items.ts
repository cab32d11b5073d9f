import { children } from '../read/element.ts';
import { find, type Statement } from '../read/statement.ts';
import { oids } from '../systems.ts';

/** Data elements of one examined or measured item, in WS/T 500 C0006 and C0007. */
export const elements = {
  itemCode: 'DE04.30.019.00',
  itemName: 'DE04.30.020.00',
  quantity: 'DE04.30.015.00',
  unit: 'DE04.30.016.00',
  resultCode: 'DE04.30.017.00',
  category: 'DE04.30.018.00',
  resultText: 'DE04.30.009.00',
  method: 'DE02.10.027.00',
  specimenType: 'DE04.50.134.00',
  specimenState: 'DE04.50.135.00',
} as const;

export type Item = {
  item?: Statement;
  name?: Statement;
  quantity?: Statement;
  unit?: Statement;
  resultCode?: Statement;
  resultText?: Statement;
  /** Plain CDA R2: `quantity` is the whole item, and its own code (LOINC or local) says which. */
  plain?: boolean;
  /** The group it stands in: its code is the panel, its time that of the specimen. */
  group?: Statement;
};

type Slot = Exclude<keyof Item, 'plain' | 'group'>;

const SLOTS: Record<string, Slot> = {
  [elements.itemCode]: 'item',
  [elements.itemName]: 'name',
  [elements.quantity]: 'quantity',
  [elements.unit]: 'unit',
  [elements.resultCode]: 'resultCode',
  [elements.resultText]: 'resultText',
};

/**
 * Items of a section. The standard's own template lists code, result code and quantity one after another as loose entries;
 * vendors group them (`organizer`), or write plain CDA R2 observations coded by item. Loose entries begin a new item when a slot
 * comes a second time.
 */
export function itemsOf(statements: readonly Statement[]): Item[] {
  const items: Item[] = [];
  let open: Item | undefined;
  for (const one of statements) {
    const slot = slotOf(one);
    if (slot !== undefined) {
      if (!open || open[slot] !== undefined || (slot === 'item' && Object.keys(open).some((name) => name !== 'name'))) {
        open = {};
        items.push(open);
      }
      open[slot] = one;
    } else if (isPlain(one)) {
      items.push({ quantity: one, plain: true });
    } else if (one.element.name === 'organizer' || one.parts.some((part) => slotOf(part) !== undefined)) {
      items.push(...grouped(one));
      open = undefined;
    }
  }
  for (const item of items) item.unit ??= find(item.quantity?.parts ?? [], elements.unit);
  return items.filter(({ item, name, quantity }) => item || name || quantity);
}

function grouped(group: Statement): Item[] {
  const own: Item = { group };
  for (const part of group.parts) {
    const slot = slotOf(part);
    if (slot && own[slot] === undefined) own[slot] = part;
  }
  const inside = group.parts.flatMap((part): Item[] => {
    if (isPlain(part)) return [{ quantity: part, plain: true, group }];
    return part.element.name === 'organizer' ? grouped(part) : [];
  });
  return Object.keys(own).length > 1 ? [own, ...inside] : inside;
}

/** An observation that is its own item: coded by something else than the catalogue of data elements, and with a value. */
function isPlain({ element, code, system }: Statement): boolean {
  return (
    element.name === 'observation' &&
    code !== '' &&
    system !== '' &&
    system !== oids.dataElements &&
    children(element, 'value').length > 0
  );
}

/** 检查类别 under the item's code is a template error: a category is no item. */
const slotOf = ({ code, label }: Statement): Slot | undefined =>
  Object.hasOwn(SLOTS, code) && !label.includes('类别') ? SLOTS[code] : undefined;

/** Type and state of the specimen; a common template error gives the type the item's own code. */
export function specimenParts(
  statements: readonly Statement[],
  items: readonly Item[],
): { type?: Statement; state?: Statement } {
  const mislabelled = items.flatMap(({ item }) => item?.parts ?? []).find(({ label }) => label.includes('标本类别'));
  const type = find(statements, elements.specimenType) ?? mislabelled;
  const state = find(statements, elements.specimenState);
  return { ...(type ? { type } : {}), ...(state ? { state } : {}) };
}

/** 检验类别, also where a template gives it another element's code. */
export function categoryOf(statements: readonly Statement[]): Statement | undefined {
  const mislabelled = [elements.itemCode, elements.resultText].map((code) => find(statements, code, '类别'));
  return find(statements, elements.category) ?? mislabelled.find((one) => one !== undefined);
}

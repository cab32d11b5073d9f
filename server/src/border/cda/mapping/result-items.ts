import { find, type Statement } from '../read/statement.ts';

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
};

const SLOTS: Record<string, keyof Item> = {
  [elements.itemCode]: 'item',
  [elements.itemName]: 'name',
  [elements.quantity]: 'quantity',
  [elements.unit]: 'unit',
  [elements.resultCode]: 'resultCode',
  [elements.resultText]: 'resultText',
};

/**
 * Items of a section. The standard's own template lists code, result code and quantity one after another as loose entries;
 * vendors group them (`organizer`). Loose entries begin a new item when a slot comes a second time.
 */
export function itemsOf(statements: readonly Statement[]): Item[] {
  const items: Item[] = [];
  let open: Item | undefined;
  for (const one of statements) {
    const slot = slotOf(one);
    if (slot === undefined) {
      if (one.parts.some((part) => slotOf(part) !== undefined)) {
        items.push(fill(one.parts));
        open = undefined;
      }
      continue;
    }
    if (!open || open[slot] !== undefined || (slot === 'item' && Object.keys(open).length > 1)) {
      open = {};
      items.push(open);
    }
    open[slot] = one;
  }
  for (const item of items) item.unit ??= find(item.quantity?.parts ?? [], elements.unit);
  return items.filter(({ item, name, quantity }) => item || name || quantity);
}

function fill(parts: readonly Statement[]): Item {
  const item: Item = {};
  for (const part of parts) {
    const slot = slotOf(part);
    if (slot && item[slot] === undefined) item[slot] = part;
  }
  return item;
}

const slotOf = ({ code }: Statement): keyof Item | undefined => (Object.hasOwn(SLOTS, code) ? SLOTS[code] : undefined);

/** Type and state of the specimen stand under the item; a common template error gives the type the item's own code. */
export function specimenParts(items: readonly Item[]): { type?: Statement; state?: Statement } {
  for (const { item } of items) {
    const parts = item?.parts ?? [];
    const type = find(parts, elements.specimenType) ?? parts.find(({ label }) => label.includes('标本类别'));
    const state = find(parts, elements.specimenState);
    if (type || state) return { ...(type ? { type } : {}), ...(state ? { state } : {}) };
  }
  return {};
}

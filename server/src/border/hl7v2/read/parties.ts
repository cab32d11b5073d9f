import { type Context, keyText, reference } from '../context.ts';
import { authorityOf, localSystem } from './identifier.ts';
import { humanName } from './name.ts';
import type { Repetition } from './segment-reader.ts';
import { componentTime } from './simple.ts';

export type Party = { reference?: string; identifier?: { system: string; value: string }; display?: string };

/**
 * XCN or PPN as a reference. With an id it becomes a Practitioner fact (key: authority and id), told once per message; without
 * one it is a display only. Components 11 and later describe the number, not the person.
 */
export function practitioner(value: Repetition, context: Context): Party | undefined {
  return context.remember('person', value, () => readPractitioner(value, context));
}

function readPractitioner(value: Repetition, context: Context): Party | undefined {
  const id = value.text(1);
  const name = humanName(value, context, 2);
  if (id === '') return name?.text ? { display: name.text } : undefined;
  const authority = authorityOf(value, 9);
  const key = keyText(authority, id);
  if (context.once(`Practitioner|${key}`)) {
    const type = value.text(13).toUpperCase();
    const number = {
      ...(type
        ? {
            type: {
              coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: type.replace(/\s+/g, ' ') }],
            },
          }
        : {}),
      system: localSystem(context.options.institution, authority),
      value: id,
    };
    context.add(
      key,
      { resourceType: 'Practitioner', identifier: [number], ...(name ? { name: [name] } : {}) },
      { nobody: true },
    );
  }
  return { ...reference('Practitioner', key), ...(name?.text ? { display: name.text } : {}) };
}

/** NDL (OBR-32 … 35): a person in subcomponents, with the start and end of what they did. */
export function interpreter(
  value: Repetition,
  context: Context,
): { actor: Party; start?: string; end?: string } | undefined {
  const id = value.text(1, 1);
  const display = /\p{Script=Han}/u.test(value.text(1, 2))
    ? value.text(1, 2) + value.text(1, 3)
    : [value.text(1, 3), value.text(1, 4), value.text(1, 2)].filter((part) => part !== '').join(' ');
  const start = componentTime(value, 2, context);
  const end = componentTime(value, 3, context);
  if (id === '' && display === '') return undefined;
  const system = localSystem(context.options.institution, value.text(1, 9));
  const actor: Party = { ...(id ? { identifier: { system, value: id } } : {}), ...(display ? { display } : {}) };
  return { actor, ...(start ? { start } : {}), ...(end ? { end } : {}) };
}

/** PL (ward^room^bed^facility^status^type^building^floor^description) as a display, from the large to the small. */
export function place(value: Repetition): Party | undefined {
  const parts = [value.text(4), value.text(7), value.text(8), value.text(1), value.text(2), value.text(3)];
  const display = parts.filter((part, at) => part !== '' && parts.indexOf(part) === at).join(' ') || value.text(9);
  return display === '' ? undefined : { display };
}

/** XON as a reference by identifier and display. XON-10 is the number since 2.7, XON-3 before. */
export function organization(value: Repetition, context: Context): Party | undefined {
  return context.remember('organization', value, () => readOrganization(value, context));
}

function readOrganization(value: Repetition, context: Context): Party | undefined {
  const display = value.text(1);
  const id = value.text(10) || value.text(3);
  if (display === '' && id === '') return undefined;
  const system = localSystem(context.options.institution, authorityOf(value, 6));
  return { ...(id ? { identifier: { system, value: id } } : {}), ...(display ? { display } : {}) };
}

/** A field that is only a name (ST, IS) as a reference by display. */
export function named(value: Repetition): Party | undefined {
  const display = value.text(2) || value.text(1);
  return display === '' ? undefined : { display };
}

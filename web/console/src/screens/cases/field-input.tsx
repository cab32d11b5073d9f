import type { CardField } from '@hutong/contract/surveillance.ts';
import { useFormat } from '../../app/format.ts';
import { DateField, SelectField, TextField } from '../../parts/fields.tsx';
import { useSurveillanceWords } from '../surveillance/words.ts';

/** The input that a field of the card asks for: a list of codes, several of them, a day, or text. */
export function FieldInput({
  field,
  value,
  onChange,
}: {
  field: CardField;
  value: string;
  onChange: (value: string) => void;
}) {
  const say = useSurveillanceWords();
  const { pick } = useFormat();
  const label = pick(field);
  if (field.kind === 'choice')
    return (
      <SelectField
        label={label}
        value={value}
        onChange={onChange}
        choices={[
          { value: '', label: say('choose') },
          ...field.choices.map((choice) => ({ value: choice.code, label: `${choice.code} ${pick(choice)}` })),
        ]}
      />
    );
  if (field.kind === 'choices') {
    const chosen = new Set(value === '' ? [] : value.split(','));
    return (
      <fieldset className="several">
        <legend>{label}</legend>
        {field.choices.map((choice) => (
          <label key={choice.code} className="several-one">
            <input
              type="checkbox"
              checked={chosen.has(choice.code)}
              onChange={({ target }) => {
                const next = target.checked
                  ? [...chosen, choice.code]
                  : [...chosen].filter((code) => code !== choice.code);
                onChange(field.choices.flatMap(({ code }) => (next.includes(code) ? [code] : [])).join(','));
              }}
            />
            {pick(choice)}
          </label>
        ))}
      </fieldset>
    );
  }
  if (field.kind === 'day') return <DateField label={label} value={value} onChange={onChange} />;
  return <TextField label={label} value={value} onChange={onChange} />;
}

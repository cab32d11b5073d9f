import { type ReactNode, useId } from 'react';

type Labelled = { label: string; hint?: string; hideLabel?: boolean };

/*
 * The browser's own select and date fields, styled: they work with keyboard and screen reader everywhere, which the
 * component library's replacements do not yet (ant-design issues 52987 and 53638).
 */
function Field({ id, label, hint, hideLabel, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'unseen' : undefined}>
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

export type Choice = { value: string; label: string; group?: string };

export function SelectField({
  label,
  hint,
  hideLabel,
  value,
  choices,
  onChange,
  required,
}: Labelled & { value: string; choices: Choice[]; onChange: (value: string) => void; required?: boolean }) {
  const id = useId();
  const groups = Map.groupBy(choices, (choice) => choice.group ?? '');
  const option = (choice: Choice) => (
    <option key={choice.value} value={choice.value}>
      {choice.label}
    </option>
  );
  return (
    <Field id={id} label={label} {...(hint && { hint })} {...(hideLabel && { hideLabel })}>
      <select
        id={id}
        value={value}
        required={required}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {[...groups].map(([group, members]) =>
          group === '' ? (
            members.map(option)
          ) : (
            <optgroup key={group} label={group}>
              {members.map(option)}
            </optgroup>
          ),
        )}
      </select>
    </Field>
  );
}

export function DateField({
  label,
  value,
  onChange,
  min,
  max,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  min?: string;
  max?: string;
}) {
  const id = useId();
  return (
    <Field id={id} label={label}>
      <input
        id={id}
        type="date"
        value={value}
        min={min || undefined}
        max={max || undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

type TextFieldProps = Labelled & {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  required?: boolean;
  type?: 'text' | 'search';
  /** `/` puts the cursor here. */
  isPageSearch?: boolean;
  autoFocus?: boolean;
};

export function TextField({
  label,
  hint,
  hideLabel,
  value,
  onChange,
  placeholder,
  required,
  type = 'text',
  isPageSearch,
  autoFocus,
}: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} {...(hint && { hint })} {...(hideLabel && { hideLabel })}>
      <input
        id={id}
        type={type}
        value={value}
        required={required}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        data-page-search={isPageSearch || undefined}
        // biome-ignore lint/a11y/noAutofocus: only a page whose one purpose is this search asks for it
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

export function TextAreaField({
  label,
  hint,
  value,
  onChange,
  rows = 4,
  code = false,
  required,
}: Labelled & { value: string; onChange: (value: string) => void; rows?: number; code?: boolean; required?: boolean }) {
  const id = useId();
  return (
    <Field id={id} label={label} {...(hint && { hint })}>
      <textarea
        id={id}
        className={code ? 'code-area' : undefined}
        rows={rows}
        value={value}
        required={required}
        spellCheck={!code}
        wrap={code ? 'off' : 'soft'}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

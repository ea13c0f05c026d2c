import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "#/lib/text";

const CONTROL =
  "w-full rounded-xl border border-edge bg-surface px-3 py-2 text-ink placeholder:text-ink-3 aria-invalid:border-lingon aria-invalid:ring-1 aria-invalid:ring-lingon";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  /** What needs a change, in words. */
  error?: string | undefined;
}

function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & {
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": cx(hint && `${id}-hint`, error && `${id}-error`) || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs font-semibold text-lingon-text">
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, className, ...rest }: FieldProps & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => <input {...ids} {...rest} className={cx(CONTROL, "min-h-11", className)} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  className,
  ...rest
}: FieldProps & ComponentProps<"textarea">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <textarea
          rows={4}
          {...ids}
          {...rest}
          className={cx(CONTROL, "field-sizing-content min-h-24", className)}
        />
      )}
    </Field>
  );
}

export function Select({
  label,
  hint,
  error,
  options,
  ...rest
}: FieldProps & ComponentProps<"select"> & { options: { value: string; label: string }[] }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <select {...ids} {...rest} className={cx(CONTROL, "min-h-11")}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Checkbox({
  label,
  hint,
  ...rest
}: { label: string; hint?: string } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div className="flex gap-3">
      <input
        type="checkbox"
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        {...rest}
        className="mt-0.5 size-5 shrink-0 accent-spruce"
      />
      <div>
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-sm text-ink-3">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

/** Numbers in a row, of which one is chosen; the ends are named. */
export function Scale({
  name,
  legend,
  low,
  high,
  from = 1,
  to = 5,
  error,
}: {
  name: string;
  legend: string;
  low: string;
  high: string;
  from?: number;
  to?: number;
  error?: string | undefined;
}) {
  const id = useId();
  const steps = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return (
    <fieldset aria-describedby={error ? id : undefined}>
      <legend className="mb-2 font-semibold">{legend}</legend>
      <div className="grid max-w-md grid-cols-5 gap-2">
        {steps.map((step) => (
          <label
            key={step}
            className="flex min-h-11 items-center justify-center rounded-xl border border-edge bg-surface font-semibold has-checked:border-spruce has-checked:bg-spruce has-checked:text-on-spruce has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-spruce forced-colors:has-checked:outline-2"
          >
            <input
              type="radio"
              name={name}
              value={step}
              required
              className="sr-only"
              aria-label={step === from ? `${step}, ${low}` : step === to ? `${step}, ${high}` : undefined}
            />
            <span aria-hidden={step === from || step === to}>{step}</span>
          </label>
        ))}
      </div>
      <div aria-hidden className="mt-1 flex max-w-md justify-between text-xs text-ink-3">
        <span>{low}</span>
        <span>{high}</span>
      </div>
      {error && (
        <p id={id} role="alert" className="mt-1 text-xs font-semibold text-lingon-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** A few choices beside each other, one of them on; used for filters. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="inline-flex max-w-full flex-wrap gap-1 rounded-xl border border-line bg-sunken p-1">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className="min-h-9 rounded-lg px-3 text-sm font-semibold text-ink-2 hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:ring-1 aria-pressed:ring-edge forced-colors:aria-pressed:outline-2"
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}

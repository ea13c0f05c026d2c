import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "#/ui/Button";
import { type Choice, useTags } from "./queries";

export interface Level {
  slug: string;
  level: number;
}

/** Skills with a level each: what a mentor shares, or what a mentee wants to learn. */
export function Skills({
  role,
  value,
  onChange,
}: {
  role: "mentor" | "mentee";
  value: Level[];
  onChange: (value: Level[]) => void;
}) {
  const { t } = useLingui();
  const { skills } = useTags();
  return (
    <Levels
      label={role === "mentor" ? t`Skills to share` : t`Skills to learn`}
      add={t`Add a skill`}
      choices={skills}
      value={value}
      onChange={onChange}
      levels={[t`a little`, t`some`, t`well`, t`very well`, t`by heart`]}
      from={1}
      usual={3}
    />
  );
}

/** Topics as buttons that stay down. */
export function Topics({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const { topics } = useTags();
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">
        <Trans>Topics to talk about</Trans>
      </legend>
      <div className="flex flex-wrap gap-2">
        {topics.map(({ slug, name }) => {
          const on = value.includes(slug);
          return (
            <button
              key={slug}
              type="button"
              aria-pressed={on}
              onClick={() => onChange(on ? value.filter((each) => each !== slug) : [...value, slug])}
              className="min-h-10 rounded-full border border-edge px-3.5 text-sm font-medium hover:bg-sunken aria-pressed:border-spruce aria-pressed:bg-spruce-soft aria-pressed:text-spruce-text forced-colors:aria-pressed:outline-2"
            >
              {name}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

/** Things with a level each: chosen from a list, one row a thing. */
export function Levels({
  label,
  add,
  choices,
  value,
  onChange,
  levels,
  from,
  usual,
}: {
  label: string;
  add: string;
  choices: Choice[];
  value: Level[];
  onChange: (value: Level[]) => void;
  levels: string[];
  from: number;
  usual: number;
}) {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const left = choices.filter(({ slug }) => !value.some((each) => each.slug === slug));
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{label}</legend>
      <ul className="flex flex-col gap-2">
        {value.map(({ slug, level }) => {
          const name = choices.find((each) => each.slug === slug)?.name ?? slug;
          return (
            <li key={slug} className="flex items-center gap-2">
              <span className="min-w-0 grow font-medium">{name}</span>
              <select
                aria-label={t`How well: ${name}`}
                value={level}
                onChange={(event) =>
                  onChange(
                    value.map((each) =>
                      each.slug === slug ? { slug, level: Number(event.target.value) } : each,
                    ),
                  )
                }
                className="min-h-11 rounded-xl border border-edge bg-surface px-3 text-sm sm:min-h-10"
              >
                {levels.map((words, index) => (
                  <option key={words} value={index + from}>
                    {words}
                  </option>
                ))}
              </select>
              <IconButton
                icon={X}
                label={t`Remove ${name}`}
                onClick={() => onChange(value.filter((each) => each.slug !== slug))}
              />
            </li>
          );
        })}
      </ul>
      {adding && left.length > 0 ? (
        <select
          // biome-ignore lint/a11y/noAutofocus: it stands where the button was pressed
          autoFocus
          aria-label={add}
          value=""
          onBlur={() => setAdding(false)}
          onChange={(event) => {
            onChange([...value, { slug: event.target.value, level: usual }]);
            setAdding(false);
          }}
          className="mt-2 min-h-11 w-full rounded-xl border border-edge bg-surface px-3"
        >
          <option value="">{add}</option>
          {left.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        left.length > 0 && (
          <Button icon={Plus} className="mt-2" onClick={() => setAdding(true)}>
            {add}
          </Button>
        )
      )}
    </fieldset>
  );
}

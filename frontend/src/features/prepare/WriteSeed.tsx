import { Trans, useLingui } from "@lingui/react/macro";
import { Sprout } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useMe } from "#/features/identity/me";
import { useDraft } from "#/lib/draft";
import { Button } from "#/ui/Button";
import { TextArea } from "#/ui/Field";

export const LONGEST = 500;

/** A few words that become a seed; what is typed stays on this device until it is kept. */
export function WriteSeed({
  name,
  label,
  hint,
  focused = false,
  longest = LONGEST,
  onKeep,
}: {
  /** Which of the forms this is: a question's key, a challenge's id. */
  name: string;
  label: string;
  hint?: string;
  /** It stands where the form before it stood. */
  focused?: boolean;
  longest?: number;
  onKeep: (text: string) => void;
}) {
  const { t } = useLingui();
  const me = useMe();
  const [text, setText] = useDraft(`seed:${me.person?.id}:${name}`, "");
  const [empty, setEmpty] = useState(false);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const words = text.trim();
    setEmpty(words === "");
    if (!words) return event.currentTarget.querySelector("textarea")?.focus();
    onKeep(words);
    setText(null);
  }
  function onKeyDown(event: KeyboardEvent<HTMLFormElement>) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  }
  return (
    <form onSubmit={onSubmit} onKeyDown={onKeyDown} className="flex flex-col gap-3">
      <TextArea
        label={label}
        hint={hint}
        error={empty ? t`A word or two is enough.` : undefined}
        autoFocus={focused}
        rows={2}
        maxLength={longest}
        value={text}
        onChange={(event) => {
          setEmpty(false);
          setText(event.target.value);
        }}
      />
      <Button type="submit" tone="primary" icon={Sprout} className="self-start max-sm:self-stretch">
        <Trans>Keep it</Trans>
      </Button>
    </form>
  );
}

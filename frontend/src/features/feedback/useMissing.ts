import { useState } from "react";

/** The questions of a form that have no answer yet; `complete` looks them up and goes to the first. */
export function useMissing() {
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  function complete(form: HTMLFormElement, names: string[]): boolean {
    const given = new FormData(form);
    const empty = names.filter((name) => !given.get(name));
    setMissing(new Set(empty));
    if (empty[0]) form.querySelector<HTMLInputElement>(`input[name="${empty[0]}"]`)?.focus();
    return empty.length === 0;
  }
  return [missing, complete] as const;
}

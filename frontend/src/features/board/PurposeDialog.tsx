import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import type { ProgramOut } from "#/api/types";
import { LOCALES } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { TextArea } from "#/ui/Field";
import { Texts } from "./Texts";

/** What the program is for, as those who are invited read it. */
export default function PurposeDialog({ program, onClose }: { program: ProgramOut; onClose: () => void }) {
  const { t } = useLingui();
  const [empty, setEmpty] = useState<string>();
  const save = $api.useMutation("patch", "/v1/programs/{program_id}", { onSuccess: onClose });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const purpose = Object.fromEntries(
      LOCALES.map((locale) => [locale, String(form.get(locale) ?? "").trim()]),
    ) as ProgramOut["purpose"];
    const missing = LOCALES.find((locale) => !purpose[locale]);
    setEmpty(missing);
    if (missing) event.currentTarget.querySelector<HTMLElement>(`[name="${missing}"]`)?.focus();
    else
      save.mutate({
        params: { path: { program_id: program.id } },
        headers: ifMatch(program),
        body: { purpose },
      });
  }
  return (
    <Dialog open onClose={onClose} title={t`What it is for`}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
        <p className="text-ink-2">
          <Trans>Who is invited reads this first, each in their own language.</Trans>
        </p>
        <Texts shown={[...LOCALES]} onShow={() => undefined}>
          {(locale) => (
            <TextArea
              label={t`In a sentence or two`}
              lang={locale}
              name={locale}
              maxLength={2000}
              defaultValue={program.purpose[locale]}
              error={empty === locale ? t`Write this.` : undefined}
            />
          )}
        </Texts>
        <div>
          <Button type="submit" tone="primary" busy={save.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

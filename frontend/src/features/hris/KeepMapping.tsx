import { Trans, useLingui } from "@lingui/react/macro";
import { Bookmark } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { fieldErrors, problemWords } from "#/api/problems";
import type { ImportOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { TextField } from "#/ui/Field";
import { Notice } from "#/ui/Notice";
import { toast } from "#/ui/toast";

/** Keeps which column holds what under a name, so that the next file of the same kind needs no choosing. */
export function KeepMapping({ file }: { file: ImportOut }) {
  const { i18n, t } = useLingui();
  const [missing, setMissing] = useState(false);
  const [kept, setKept] = useState(false);
  const keep = $api.useMutation("post", "/v1/import-mappings", {
    onSuccess() {
      toast(t`Kept. It is chosen by itself for the next file with these columns.`);
      setKept(true);
    },
  });
  const name = file.mapping_name;
  if (name !== null)
    return (
      <Notice tone="spruce" icon={Bookmark} title={<Trans>Columns as in {name}</Trans>}>
        <Trans>You kept this choice before, and the file has the same columns.</Trans>
      </Notice>
    );
  const chosen =
    file.scope !== null ||
    file.columns.some((column) => column.reason === "chosen" || column.reason === "ignored");
  if (!chosen || kept || file.state === "failed") return null;
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    setMissing(said === "");
    if (said !== "") keep.mutate({ body: { name: said, import_id: file.id } });
  }
  const error = missing
    ? t`Give it a name first.`
    : keep.error
      ? (fieldErrors(keep.error).name ?? i18n._(problemWords(keep.error)))
      : undefined;
  return (
    <form
      onSubmit={onSubmit}
      noValidate
      className="flex flex-wrap items-end gap-3 rounded-2xl border border-line bg-surface p-5 shadow-card"
    >
      <div className="min-w-0 flex-1 basis-64">
        <TextField
          label={t`Keep these choices for the next file`}
          hint={t`A name, for example: Monthly list from HR`}
          name="name"
          maxLength={100}
          error={error}
        />
      </div>
      <Button type="submit" icon={Bookmark} busy={keep.isPending}>
        <Trans>Keep</Trans>
      </Button>
    </form>
  );
}

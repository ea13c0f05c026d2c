import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Lightbulb } from "lucide-react";
import type { FormEvent } from "react";
import { $api } from "#/api/client";
import type { MentoringSession } from "#/api/types";
import { Button } from "#/ui/Button";
import { TextField } from "#/ui/Field";
import { toast } from "#/ui/toast";
import { agendaQuery } from "./queries";

/** The one question or idea that the executive brings to spar; the rest of the agenda is the junior's. */
export function Spark({ session }: { session: MentoringSession }) {
  const { t } = useLingui();
  const { data } = useQuery(agendaQuery(session.id));
  const save = $api.useMutation("put", "/v1/sessions/{session_id}/spark", {
    onSuccess: () => toast(t`Saved. Your mentor sees it too.`),
  });
  if (!data) return null;
  const mine = session.my_part === "mentee";
  if (session.can.edit_spark?.allowed) {
    const onSubmit = (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault();
      const text = String(new FormData(event.currentTarget).get("spark")).trim();
      save.mutate({ params: { path: { session_id: session.id } }, body: { text } });
    };
    return (
      <form onSubmit={onSubmit} className="mt-4 flex flex-col gap-3 border-t border-line pt-4">
        <TextField
          key={data.spark}
          label={t`One question or idea you bring`}
          hint={t`One is plenty: the rest of the agenda is your mentor's.`}
          name="spark"
          defaultValue={data.spark ?? ""}
          maxLength={1000}
        />
        <div>
          <Button type="submit" icon={Lightbulb} busy={save.isPending}>
            <Trans>Bring this</Trans>
          </Button>
        </div>
      </form>
    );
  }
  if (!data.spark) return null;
  return (
    <div className="mt-4 rounded-xl bg-lake-soft p-3.5 text-lake-text">
      <p className="text-sm font-semibold">
        {mine ? <Trans>You bring</Trans> : <Trans>The executive brings</Trans>}
      </p>
      <p className="text-ink">{data.spark}</p>
    </div>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { Meter } from "#/ui/Meter";

/** My own kept-promise rate over all pairs: a talk that was moved is kept, one that was cancelled is not. */
export function KeptPromises() {
  const { t } = useLingui();
  const format = useFormat();
  const { data } = useQuery($api.queryOptions("get", "/v1/me/promises"));
  const mine = data?.as_mentee ?? data?.as_mentor;
  if (!mine || mine.kept_rate === null) return null;
  const { held, as_first_booked: first, moved } = mine;
  const due = held + mine.cancelled + mine.missed;
  const rate = format.percent(mine.kept_rate);
  return (
    <Card title={<Trans>Promises kept</Trans>} lead={<Trans>Only you see this.</Trans>}>
      <p className="flex items-baseline gap-2">
        <span className="font-display text-2xl font-bold">{rate}</span>
        <span className="text-ink-2">
          <Trans>
            {held} of {due} promised talks took place
          </Trans>
        </span>
      </p>
      <div className="my-2.5">
        <Meter value={mine.kept_rate} label={t`Promises kept: ${rate}`} />
      </div>
      <p className="text-sm text-ink-3">
        <Trans>
          At the time first booked: {first}. Moved: {moved}. A move breaks no promise.
        </Trans>
      </p>
    </Card>
  );
}

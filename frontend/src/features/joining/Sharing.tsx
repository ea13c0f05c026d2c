import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair } from "#/api/types";
import { firstName } from "#/lib/text";
import { Card } from "#/ui/Card";
import { Checkbox } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** Whether the company's other systems may know of my pair (H6): the mentor's choice alone, and off until then. */
export function Sharing({ programId }: { programId: string }) {
  const pairs = useQuery(
    $api.queryOptions("get", "/v1/pairs", {
      params: { query: { mine: true, program_id: programId, limit: 20 } },
    }),
  );
  return (
    <Card title={<Trans>Who may know that I take part</Trans>}>
      <p className="mb-3 text-ink-2">
        <Trans>
          Other systems of the company, such as HR's, see nothing of your pair unless you say so. If you do,
          they may read who the two of you are and that the pair is under way. Never what you talk about,
          when, or how it goes; and nothing goes to your line manager or an appraisal from here.
        </Trans>
      </p>
      <Loaded query={pairs}>
        {({ items }) => {
          const mine = items.filter((pair) => pair.can.share?.allowed);
          if (mine.length === 0)
            return (
              <p className="text-sm text-ink-3">
                <Trans>You can choose as soon as you have a pair. Until then nothing is shared.</Trans>
              </p>
            );
          return (
            <ul className="flex flex-col gap-3">
              {mine.map((pair) => (
                <li key={pair.id}>
                  <One pair={pair} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}

function One({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const name = firstName(pair.mentee.display_name);
  const share = $api.useMutation("put", "/v1/pairs/{pair_id}/sharing", {
    onSuccess: (now) => toast(now.shared ? t`Shared, until you take it back.` : t`Not shared any more.`),
  });
  return (
    <Checkbox
      label={t`Other systems may see my pair with ${name}`}
      hint={t`You may take it back at any time; then it is hidden at once. Nobody is told what you chose.`}
      checked={pair.shared ?? false}
      disabled={share.isPending}
      onChange={(event) =>
        share.mutate({ params: { path: { pair_id: pair.id } }, body: { allowed: event.target.checked } })
      }
    />
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Card } from "#/ui/Card";
import { Tag } from "#/ui/Tag";
import { Given } from "./Candid";

/** Thoughts that were given to me: those that wait for a word first, then what I answered. */
export function CandidGot({ pairs }: { pairs: MentoringPair[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const { data } = useQuery(
    $api.queryOptions("get", "/v1/candid-messages", { params: { query: { mine: false, limit: 100 } } }),
  );
  const nameOf = (pairId: string) => {
    const pair = pairs.find(({ id }) => id === pairId);
    return pair ? firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name) : "";
  };
  const answered = data?.items.filter(({ state }) => state === "answered") ?? [];
  return (
    <>
      {data?.items
        .filter(({ can }) => can.answer?.allowed)
        .map((message) => (
          <Given key={message.id} message={message} name={nameOf(message.pair_id)} />
        ))}
      {answered.length > 0 && (
        <Card title={<Trans>Thoughts I was given</Trans>} flush>
          <ul>
            {answered.map((message) => (
              <li key={message.id} className="flex flex-col gap-2 border-t border-line px-5 py-3.5">
                <div className="flex flex-wrap items-center justify-between gap-2">
                  <p className="text-xs text-ink-3">
                    {[nameOf(message.pair_id), message.given_at && format.date(message.given_at)]
                      .filter(Boolean)
                      .join(" · ")}
                  </p>
                  <Tag tone={message.answer === "will_try" ? "spruce" : "lake"}>
                    {message.answer === "will_try" ? t`I will try` : t`I heard you`}
                  </Tag>
                </div>
                <p className="whitespace-pre-line">{message.text}</p>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

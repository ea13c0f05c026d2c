import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import type { CandidMessageOut, MentoringPair } from "#/api/types";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { toast } from "#/ui/toast";

/** Thoughts that the mentor gave and that wait for a word: heard, or will try. */
export function Candid({ pair }: { pair: MentoringPair }) {
  const { data } = useQuery(
    $api.queryOptions("get", "/v1/candid-messages", {
      params: { query: { pair_id: pair.id, state: "given", limit: 20 } },
    }),
  );
  return data?.items
    .filter(({ can }) => can.answer?.allowed)
    .map((message) => (
      <Given key={message.id} message={message} name={firstName(pair.mentor.display_name)} />
    ));
}

/** One thought, and the two words it can be answered with. */
export function Given({ message, name }: { message: CandidMessageOut; name: string }) {
  const { t } = useLingui();
  const answer = $api.useMutation("post", "/v1/candid-messages/{message_id}/answer", {
    onSuccess: () => toast(t`Thank you for listening. Your mentor sees it.`),
  });
  const say = (word: "heard" | "will_try") =>
    answer.mutate({ params: { path: { message_id: message.id } }, body: { answer: word } });
  return (
    <Card title={<Trans>{name} gives you a thought</Trans>}>
      <blockquote className="mb-4 border-l-4 border-cloud pl-4 text-lg whitespace-pre-line">
        {message.text}
      </blockquote>
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" busy={answer.isPending} onClick={() => say("heard")}>
          <Trans>I heard you</Trans>
        </Button>
        <Button busy={answer.isPending} onClick={() => say("will_try")}>
          <Trans>I will try</Trans>
        </Button>
      </div>
    </Card>
  );
}

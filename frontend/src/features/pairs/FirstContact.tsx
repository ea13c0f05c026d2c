import { Trans, useLingui } from "@lingui/react/macro";
import { Hand } from "lucide-react";
import { $api } from "#/api/client";
import type { MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Button } from "#/ui/Button";
import { Notice } from "#/ui/Notice";
import { toast } from "#/ui/toast";

/** The executive writes first: one line is enough, and the junior need not wonder. */
export function FirstContact({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const format = useFormat();
  const done = $api.useMutation("post", "/v1/pairs/{pair_id}/first-contact", {
    onSuccess: () => toast(t`Lovely. That was the hardest message.`),
  });
  if (!pair.can.first_contact?.allowed) return null;
  const name = firstName(pair.mentor.display_name);
  const day = pair.first_contact?.due_on ? format.date(pair.first_contact.due_on) : null;
  return (
    <Notice
      tone="lake"
      icon={Hand}
      title={<Trans>Say hello to {name} first</Trans>}
      action={
        <Button busy={done.isPending} onClick={() => done.mutate({ params: { path: { pair_id: pair.id } } })}>
          <Trans>I have written</Trans>
        </Button>
      }
    >
      <Trans>The first word is yours, so that nobody has to wait below you. One line is plenty.</Trans>{" "}
      {day && <Trans>Best by {day}.</Trans>}
    </Notice>
  );
}

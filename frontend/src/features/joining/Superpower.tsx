import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Shuffle } from "lucide-react";
import { useState } from "react";
import { $api } from "#/api/client";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { TextArea } from "#/ui/Field";

/** Find your superpower: a question at a time, with what somebody might answer. */
export function Superpower({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t, i18n } = useLingui();
  const [turn, setTurn] = useState(0);
  const prompts = useQuery($api.queryOptions("get", "/v1/superpower-prompts")).data?.items ?? [];
  const prompt = prompts[turn % Math.max(1, prompts.length)];
  return (
    <div>
      {prompt && (
        <p className="mb-3 rounded-xl bg-cloud-soft px-3.5 py-2.5 font-medium text-cloud-text">
          {pick(prompt.question, i18n.locale)}
        </p>
      )}
      <TextArea
        label={t`Your superpower, in a line`}
        hint={t`Your everyday is enough: nobody asks for hard expertise.`}
        value={value}
        maxLength={280}
        placeholder={prompt ? pick(prompt.example, i18n.locale) : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {prompts.length > 1 && (
        <Button tone="quiet" icon={Shuffle} className="mt-1 -ml-2" onClick={() => setTurn(turn + 1)}>
          <Trans>Another question</Trans>
        </Button>
      )}
    </div>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Shuffle } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { $api } from "#/api/client";
import { LANGUAGE_LEVELS, languageName } from "#/features/people/words";
import { Levels, Skills, Topics } from "#/features/programs/ProfileFields";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { TextArea, TextField } from "#/ui/Field";
import type { Profile } from "./profile";

const SPOKEN = ["fi", "sv", "en", "de", "fr", "es", "pl", "et", "no", "da", "it", "pt", "nl", "uk"];
const WANTS = [0, 1, 2];

/** A profile in under three minutes; an executive's in one. Nothing in it is a must. */
export function ProfileForm({
  role,
  initial,
  onSubmit,
  children,
}: {
  role: "mentor" | "mentee";
  initial: Profile;
  onSubmit: (profile: Profile) => void;
  children: ReactNode;
}) {
  const { t, i18n } = useLingui();
  const [profile, setProfile] = useState(initial);
  const change = (next: Partial<Profile>) => setProfile({ ...profile, ...next });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onSubmit(profile);
  }
  return (
    <Card
      title={<Trans>A few words about you</Trans>}
      lead={
        role === "mentor" ? (
          <Trans>Three minutes. Leave out what you like: you can fill it in later.</Trans>
        ) : (
          <Trans>One minute. Leave out what you like: you can fill it in later.</Trans>
        )
      }
    >
      <form onSubmit={submit} className="flex max-w-2xl flex-col gap-6">
        {role === "mentor" ? (
          <Superpower value={profile.superpower} onChange={(superpower) => change({ superpower })} />
        ) : (
          <fieldset className="flex flex-col gap-3">
            <legend className="mb-2 font-semibold">
              <Trans>What would you like to understand?</Trans>
            </legend>
            {WANTS.map((index) => {
              const number = index + 1;
              return (
                <TextField
                  key={index}
                  label={index === 0 ? t`One thing is enough` : t`One more, if you like (${number})`}
                  value={profile.wants[index] ?? ""}
                  maxLength={280}
                  placeholder={
                    index === 0 ? t`How people early in their career choose where to work` : undefined
                  }
                  onChange={(event) =>
                    change({
                      wants: WANTS.map((each) =>
                        each === index ? event.target.value : (profile.wants[each] ?? ""),
                      ),
                    })
                  }
                />
              );
            })}
          </fieldset>
        )}
        <Topics value={profile.topics} onChange={(topics) => change({ topics })} />
        {role === "mentor" && (
          <>
            <Skills role={role} value={profile.skills} onChange={(skills) => change({ skills })} />
            <Levels
              label={t`Languages you speak`}
              add={t`Add a language`}
              choices={SPOKEN.map((slug) => ({ slug, name: languageName(slug, i18n.locale) }))}
              value={profile.languages}
              onChange={(languages) => change({ languages })}
              levels={LANGUAGE_LEVELS.map((words) => i18n._(words))}
              from={0}
              usual={3}
            />
          </>
        )}
        <div className="flex flex-wrap gap-2">{children}</div>
      </form>
    </Card>
  );
}

/** Find your superpower: a question at a time, with what somebody might answer. */
function Superpower({ value, onChange }: { value: string; onChange: (value: string) => void }) {
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

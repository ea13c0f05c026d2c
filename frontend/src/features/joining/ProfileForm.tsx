import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, type ReactNode, useState } from "react";
import type { ProgramTermsOut } from "#/api/types";
import { LANGUAGE_LEVELS, languageName } from "#/features/people/words";
import { Levels, Skills, Topics } from "#/features/programs/ProfileFields";
import { Card } from "#/ui/Card";
import { TextField } from "#/ui/Field";
import { Agree } from "./Agree";
import type { Profile } from "./profile";
import { Superpower } from "./Superpower";

const SPOKEN = ["fi", "sv", "en", "de", "fr", "es", "pl", "et", "no", "da", "it", "pt", "nl", "uk"];
const WANTS = [0, 1, 2];

/** A profile in under three minutes; an executive's in one. Nothing in it is a must. */
export function ProfileForm({
  role,
  initial,
  onSubmit,
  terms = null,
  children,
}: {
  role: "mentor" | "mentee";
  initial: Profile;
  onSubmit: (profile: Profile) => void;
  terms?: ProgramTermsOut | null;
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
        {terms && <Agree terms={terms} />}
        <div className="flex flex-wrap gap-2">{children}</div>
      </form>
    </Card>
  );
}

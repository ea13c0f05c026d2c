import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight, CalendarClock, CircleCheck, MapPin, Video } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import type { KitOut, MentoringPair, MentoringSession } from "#/api/types";
import { useFormat } from "#/lib/format";
import { pick } from "#/lib/i18n";
import { cx, firstName } from "#/lib/text";
import { PairAvatars } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { DeepCard } from "#/ui/Card";
import { toast } from "#/ui/toast";
import { kitQuery } from "./queries";
import { MoveDialog } from "./TimeDialogs";
import { useWhen } from "./when";

/** The other one's name and why they come; the junior is always drawn in front. */
export function Partner({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const other = pair.my_side === "mentor" ? pair.mentee : pair.mentor;
  const role = pair.my_side === "mentor" ? t`here to learn from you` : t`here to show you another view`;
  return (
    <div className="flex items-center gap-3">
      <PairAvatars mentor={pair.mentor.display_name} mentee={pair.mentee.display_name} size="lg" />
      <div className="min-w-0">
        <p className="font-semibold">{other.display_name}</p>
        <p className="text-on-deep-2">{[other.title, role].filter(Boolean).join(", ")}</p>
      </div>
    </div>
  );
}

/** The deep card of a page: when the next talk is, with whom, and one press to join. */
export function NextTalk({
  pair,
  session,
  heading: Heading = "h2",
  withQuestions = true,
  plan,
}: {
  pair: MentoringPair;
  session: MentoringSession;
  heading?: "h2" | "h3";
  withQuestions?: boolean;
  /** The talk's kit, where it came along with it. */
  plan?: KitOut | null;
}) {
  const { t, i18n } = useLingui();
  const when = useWhen();
  const format = useFormat();
  const [moving, setMoving] = useState(false);
  const agree = $api.useMutation("post", "/v1/sessions/{session_id}/schedule", {
    onSuccess: () => toast(t`Agreed. You both see it.`),
  });
  const several = session.slots.length > 1;
  const mayChoose = session.can.schedule?.allowed;
  const path = { params: { path: { session_id: session.id } } };
  const kit = useQuery({ ...kitQuery(session.kit), ...(plan && { initialData: plan }) }).data;
  const other = firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name);
  const topic = kit && pick(kit.title, i18n.locale);
  const questions = (pair.my_side === "mentee" ? kit?.mentee_questions : kit?.mentor_questions) ?? [];
  return (
    <>
      <DeepCard
        foot={
          withQuestions &&
          questions.length > 0 && (
            <>
              <h3 className="mb-1 font-semibold">
                <Trans>Ready in five minutes</Trans>
              </h3>
              <ul>
                {questions.map((question) => {
                  const text = pick(question, i18n.locale);
                  return (
                    <li key={text}>
                      <Link
                        to="/pairs/$pairId"
                        params={{ pairId: pair.id }}
                        search={{ session: session.id }}
                        className="flex min-h-11 items-center gap-3 rounded-lg py-1.5 hover:text-sun"
                      >
                        <span
                          aria-hidden
                          className="size-4.5 shrink-0 rounded-full border-2 border-on-deep-2"
                        />
                        <span className="grow">{text}</span>
                        <ArrowRight size={17} aria-hidden className="shrink-0 text-on-deep-2" />
                      </Link>
                    </li>
                  );
                })}
              </ul>
            </>
          )
        }
      >
        <p className="text-on-deep-2">
          {several ? (
            mayChoose ? (
              <Trans>Some times are proposed</Trans>
            ) : (
              <Trans>Your times are proposed, the other one chooses</Trans>
            )
          ) : (
            when(session)
          )}
          {session.state === "proposed" && !several && (
            <>
              {" · "}
              <Trans>proposed, not agreed yet</Trans>
            </>
          )}
        </p>
        <Heading className="mt-1.5 mb-4 font-display text-xl leading-7 font-bold">
          {topic ? (
            <Trans>
              You and {other}: {topic}
            </Trans>
          ) : (
            <Trans>You and {other}</Trans>
          )}
        </Heading>
        <Partner pair={pair} />
        {mayChoose && several && (
          <fieldset className="mt-4">
            <legend className="mb-2 text-sm text-on-deep-2">
              <Trans>Choose the time that suits you</Trans>
            </legend>
            <div className="grid grid-cols-2 gap-2 sm:grid-cols-3">
              {session.slots.map((starts_at) => (
                <Button
                  key={starts_at}
                  tone="on-deep"
                  busy={agree.isPending}
                  onClick={() => agree.mutate({ ...path, body: { starts_at } })}
                >
                  {format.day(starts_at)}, {format.time(starts_at)}
                </Button>
              ))}
            </div>
          </fieldset>
        )}
        {session.place && (
          <p className="mt-3 flex items-center gap-2 text-sm text-on-deep-2">
            <MapPin size={16} aria-hidden className="shrink-0" />
            {session.place}
          </p>
        )}
        <div className="mt-5 flex flex-wrap gap-2 [&>*]:grow">
          {session.meeting_url ? (
            <a
              href={session.meeting_url}
              target="_blank"
              rel="noreferrer"
              className={cx(buttonLook({ tone: "sun" }), "basis-1/2")}
            >
              <Video size={18} aria-hidden />
              <Trans>Join</Trans>
            </a>
          ) : (
            withQuestions && (
              <Link to="/prepare" className={cx(buttonLook({ tone: "sun" }), "basis-1/2")}>
                <Trans>Prepare</Trans>
              </Link>
            )
          )}
          {mayChoose && !several && (
            <Button tone="sun" icon={CircleCheck} busy={agree.isPending} onClick={() => agree.mutate(path)}>
              <Trans>This time suits me</Trans>
            </Button>
          )}
          {session.can.move?.allowed && (
            <CanButton
              can={session.can}
              action="move"
              tone="on-deep"
              icon={CalendarClock}
              onClick={() => setMoving(true)}
            >
              <Trans>Move</Trans>
            </CanButton>
          )}
        </div>
      </DeepCard>
      <MoveDialog session={session} open={moving} onClose={() => setMoving(false)} />
    </>
  );
}

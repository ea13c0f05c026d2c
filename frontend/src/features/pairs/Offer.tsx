import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Info } from "lucide-react";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { ProblemError } from "#/api/problems";
import type { MentoringPair } from "#/api/types";
import { useFormat } from "#/lib/format";
import { firstName } from "#/lib/text";
import { Avatar } from "#/ui/Avatar";
import { Card } from "#/ui/Card";
import { Notice } from "#/ui/Notice";
import { TurnScore } from "#/ui/TurnScore";
import { toast } from "#/ui/toast";
import { Checks, Reasons } from "./Reasons";

/** The question to one of the two, with all that was weighed. A no needs no reason and leaves no trace. */
export function Offer({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const format = useFormat();
  const navigate = useNavigate();
  const path = { params: { path: { pair_id: pair.id } } };
  const accept = $api.useMutation("post", "/v1/pairs/{pair_id}/accept", {
    onSuccess: () => toast(t`Thank you. We tell you as soon as there is news.`),
    onError(error: unknown) {
      if (error instanceof ProblemError && error.code === "terms_not_agreed")
        navigate({
          to: "/invitations/$enrollmentId",
          params: { enrollmentId: String(error.params.enrollment_id) },
        });
    },
  });
  const decline = $api.useMutation("post", "/v1/pairs/{pair_id}/decline", {
    onSuccess: () => toast(t`All right. Nobody sees that you were asked.`),
  });
  const score =
    pair.reasons && format.number(Math.round(pair.reasons.reduce((sum, each) => sum + each.points, 0)));
  const left = pair.offer_expires_at && format.inDays(pair.offer_expires_at);
  const other = firstName((pair.my_side === "mentor" ? pair.mentee : pair.mentor).display_name);
  return (
    <Card className="bg-[image:radial-gradient(28rem_10rem_at_0_0,var(--cloud-soft),transparent),radial-gradient(28rem_10rem_at_100%_0,var(--lake-soft),transparent)]">
      <div className="mb-5 grid grid-cols-[1fr_auto_1fr] items-start gap-2 text-center">
        <Member person={pair.mentor} side="mentor" title={t`Mentor`} />
        {score ? <TurnScore score={score} label={t`Match score ${score} of 100`} /> : <span />}
        <Member person={pair.mentee} side="mentee" title={t`Mentee`} />
      </div>
      <h2 className="mb-1 text-lg font-semibold">
        {pair.my_side === "mentor" ? (
          <Trans>Would you be {other}'s mentor?</Trans>
        ) : (
          <Trans>{other} would like to be your mentor. Shall you two start?</Trans>
        )}
      </h2>
      <p className="mb-5 max-w-prose text-ink-2">
        {pair.my_side === "mentor" ? (
          <Trans>
            You are asked first. {other} hears of it only if you say yes. A no needs no reason and leaves no
            trace.
          </Trans>
        ) : (
          <Trans>A no needs no reason and leaves no trace.</Trans>
        )}{" "}
        {left && <Trans>The offer runs out {left}.</Trans>}
      </p>
      {pair.override && <Allowed override={pair.override} />}
      <div className="mb-6 flex flex-wrap gap-2">
        <CanButton
          can={pair.can}
          action="accept"
          tone="primary"
          busy={accept.isPending}
          onClick={() => accept.mutate(path)}
        >
          <Trans>Yes, gladly</Trans>
        </CanButton>
        <CanButton
          can={pair.can}
          action="decline"
          busy={decline.isPending}
          onClick={() => decline.mutate(path)}
        >
          <Trans>Not this time</Trans>
        </CanButton>
      </div>
      {pair.top_exempt && (
        <p className="mb-5 flex gap-3 rounded-xl bg-lake-soft p-4 text-sm text-lake-text">
          <Info size={18} aria-hidden className="mt-0.5 shrink-0" />
          <Trans>
            Good to know: one of you stands at the top of the whole organization, at least three steps from
            the other. That is why this pair is allowed.
          </Trans>
        </p>
      )}
      <div className="grid grid-cols-1 gap-6 md:grid-cols-2">
        {pair.reasons && (
          <div>
            <h3 className="mb-3 font-semibold">
              <Trans>Why you two</Trans>
            </h3>
            <Reasons components={pair.reasons} />
          </div>
        )}
        {pair.checks && (
          <div>
            <Checks codes={pair.checks} />
          </div>
        )}
      </div>
    </Card>
  );
}

function Member({
  person,
  side,
  title,
}: {
  person: MentoringPair["mentor"];
  side: "mentor" | "mentee";
  title: string;
}) {
  return (
    <div className="flex min-w-0 flex-col items-center">
      <Avatar name={person.display_name} side={side} size="xl" />
      <p className="mt-2 font-semibold">{person.display_name}</p>
      <p className="text-sm text-ink-3">{person.title}</p>
      <p
        className={
          side === "mentor" ? "text-sm font-semibold text-cloud-text" : "text-sm font-semibold text-lake-text"
        }
      >
        {title}
      </p>
    </div>
  );
}

/** While the other one thinks: a yes can be taken back as quietly as a no is given. */
export function TakeBack({ pair }: { pair: MentoringPair }) {
  const { t } = useLingui();
  const decline = $api.useMutation("post", "/v1/pairs/{pair_id}/decline", {
    onSuccess: () => toast(t`All right. Nobody sees that you were asked.`),
  });
  return (
    <CanButton
      can={pair.can}
      action="decline"
      busy={decline.isPending}
      onClick={() => decline.mutate({ params: { path: { pair_id: pair.id } } })}
    >
      <Trans>Take back my yes</Trans>
    </CanButton>
  );
}

/** Why the pair may be although the organization chart stood between the two: read before answering. */
function Allowed({ override }: { override: NonNullable<MentoringPair["override"]> }) {
  return (
    <div className="mb-5">
      <Notice
        tone="lake"
        icon={Info}
        title={
          override.kind === "override" ? (
            <Trans>One of you is above the other in the organization</Trans>
          ) : (
            <Trans>Nothing stands between you two any more</Trans>
          )
        }
      >
        {override.kind === "override" ? (
          <Trans>Two programme managers think that it is all right. You decide. Their reason:</Trans>
        ) : (
          <Trans>The organization changed again. Would you like to go on as before?</Trans>
        )}
        {override.reason && <p className="mt-2 break-words whitespace-pre-line">{override.reason}</p>}
      </Notice>
    </div>
  );
}

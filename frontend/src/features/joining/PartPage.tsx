import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Coffee, DoorOpen, Play, Undo2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { CanButton } from "#/api/CanButton";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { EnrollmentOut } from "#/api/types";
import { programQuery } from "#/features/programs/queries";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Dialog } from "#/ui/Dialog";
import { TextArea } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { Tag } from "#/ui/Tag";
import { toast } from "#/ui/toast";
import { ProfileForm } from "./ProfileForm";
import { PART_STATES, type PartState, partQuery } from "./parts";
import { keepWeights, known, type Profile, toBody } from "./profile";
import { Sharing } from "./Sharing";
import { Wishes } from "./Wishes";

const MEANS: Record<PartState, MessageDescriptor> = {
  invited: msg`You are asked to take part, and have not answered yet.`,
  applied: msg`The programme manager answers soon. You get a mail, and see it here.`,
  waitlisted: msg`There are more people than places just now. We tell you when yours comes.`,
  approved: msg`As soon as a pair is found for you, you get a mail and see it on your home page.`,
  paired: msg`You have a pair. A break or an end of the pair itself is on its own page.`,
  paused: msg`You are asked for no new pair. Nothing is lost; come back whenever it suits you.`,
  declined: msg`You said not this time. No reason is needed, and nothing of it is kept against you.`,
  alumni: msg`Thank you for the time you gave.`,
  withdrawn: msg`You have left, and nobody is told why. Thank you for the time you gave.`,
};

/** My part in one program: its state, a break or a farewell, what I told of myself, whom I wish for, who sees it. */
export function PartPage() {
  const { t } = useLingui();
  const { enrollmentId } = useParams({ from: "/shell/parts/$enrollmentId" });
  const part = useQuery(partQuery(enrollmentId));
  return (
    <Loaded query={part} page={t`My part in the program`} skeleton={<Skeleton card lines={8} />}>
      {(found) => <Part part={found} />}
    </Loaded>
  );
}

function Part({ part }: { part: EnrollmentOut }) {
  const { t, i18n } = useLingui();
  const program = useQuery(programQuery(part.program_id));
  const state = PART_STATES[part.state];
  const gone = ["declined", "withdrawn", "alumni"].includes(part.state);
  return (
    <Page
      title={program.data?.name ?? t`My part in the program`}
      lead={
        <span className="flex flex-wrap gap-1.5">
          <Tag tone={part.role === "mentor" ? "cloud" : "lake"}>
            {part.role === "mentor" ? <Trans>Mentor</Trans> : <Trans>Mentee</Trans>}
          </Tag>
          <Tag tone={state.tone}>{i18n._(state.label)}</Tag>
        </span>
      }
    >
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex flex-col gap-4">
          <Taking part={part} />
          {!gone && part.state !== "invited" && <AboutMe part={part} />}
          {part.can.wish?.allowed && program.data && (
            <Wishes part={part} asks={program.data.settings.wish_becomes_offer} />
          )}
        </div>
        <div className="flex flex-col gap-4">
          {part.role === "mentor" && <Sharing programId={part.program_id} />}
          {part.role === "mentor" && !gone && part.state !== "invited" && <Boundaries part={part} />}
        </div>
      </div>
    </Page>
  );
}

/** Coming and going. Each step can be taken back, as long as the program is open. */
function Taking({ part }: { part: EnrollmentOut }) {
  const { t, i18n } = useLingui();
  const [leaving, setLeaving] = useState(false);
  const path = { params: { path: { enrollment_id: part.id } } };
  const pause = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/pause", {
    onSuccess: () => toast(t`On a break. Come back any time.`),
  });
  const resume = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/resume", {
    onSuccess: () => toast(t`Good to have you back.`),
  });
  const apply = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/apply", {
    onSuccess: () => toast(t`Good to have you back. The programme manager answers soon.`),
  });
  const { can, state } = part;
  const gone = state === "withdrawn" || state === "declined";
  return (
    <Card title={<Trans>Taking part</Trans>}>
      <p className="mb-4 max-w-prose text-ink-2">{i18n._(MEANS[state])}</p>
      <div className="flex flex-wrap gap-2">
        {state === "invited" && (
          <Link
            to="/invitations/$enrollmentId"
            params={{ enrollmentId: part.id }}
            className={buttonLook({ tone: "primary" })}
          >
            <Trans>See the invitation</Trans>
          </Link>
        )}
        {can.resume?.allowed && (
          <Button tone="primary" icon={Play} busy={resume.isPending} onClick={() => resume.mutate(path)}>
            <Trans>I am back</Trans>
          </Button>
        )}
        {can.pause?.allowed && (
          <Button icon={Coffee} busy={pause.isPending} onClick={() => pause.mutate(path)}>
            <Trans>Take a break</Trans>
          </Button>
        )}
        {gone && (
          <CanButton
            can={can}
            action="apply"
            icon={Undo2}
            busy={apply.isPending}
            onClick={() => apply.mutate(path)}
          >
            <Trans>Take part again</Trans>
          </CanButton>
        )}
        {can.withdraw?.allowed && (
          <Button tone="quiet" icon={DoorOpen} onClick={() => setLeaving(true)}>
            <Trans>Leave the program</Trans>
          </Button>
        )}
      </div>
      <FarewellDialog part={part} open={leaving} onClose={() => setLeaving(false)} />
    </Card>
  );
}

function FarewellDialog({
  part,
  open,
  onClose,
}: {
  part: EnrollmentOut;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useLingui();
  const path = { params: { path: { enrollment_id: part.id } } };
  const withdraw = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/withdraw", {
    onSuccess() {
      toast(t`You have left. Thank you for the time you gave.`);
      onClose();
    },
  });
  const pause = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/pause", {
    onSuccess() {
      toast(t`On a break. Come back any time.`);
      onClose();
    },
  });
  return (
    <Dialog open={open} onClose={onClose} title={t`Leave the program`}>
      <div className="mb-5 flex flex-col gap-3 text-ink-2">
        <p>
          <Trans>You may leave at any time. No reason is asked, and nobody hears of one.</Trans>
        </p>
        {part.state === "paired" && (
          <p>
            <Trans>
              Your pair ends with it: the other one reads one neutral sentence, the same as always.
            </Trans>
          </p>
        )}
        <p>
          <Trans>
            What you two wrote stays readable to you two. If you are only tired, a break is enough.
          </Trans>
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {part.can.pause?.allowed && (
          <Button tone="primary" icon={Coffee} busy={pause.isPending} onClick={() => pause.mutate(path)}>
            <Trans>Take a break instead</Trans>
          </Button>
        )}
        <Button tone="danger" busy={withdraw.isPending} onClick={() => withdraw.mutate(path)}>
          <Trans>Leave, without a reason</Trans>
        </Button>
      </div>
    </Dialog>
  );
}

function AboutMe({ part }: { part: EnrollmentOut }) {
  const { t } = useLingui();
  const write = $api.useMutation("patch", "/v1/enrollments/{enrollment_id}", {
    onSuccess: () => toast(t`Saved. It counts from the next pair on.`),
  });
  function save(profile: Profile) {
    const body = toBody(part.role, profile);
    write.mutate({
      params: { path: { enrollment_id: part.id }, header: ifMatch(part) },
      body: { ...body, skills: keepWeights(body.skills, part.skills) },
    });
  }
  return (
    <ProfileForm role={part.role} initial={known(part)} onSubmit={save}>
      <CanButton can={part.can} action="edit" type="submit" tone="primary" busy={write.isPending}>
        <Trans>Save</Trans>
      </CanButton>
    </ProfileForm>
  );
}

/** What the mentor keeps out of the talks; only the two of the pair read it. */
function Boundaries({ part }: { part: EnrollmentOut }) {
  const { t } = useLingui();
  const write = $api.useMutation("patch", "/v1/enrollments/{enrollment_id}", {
    onSuccess: () => toast(t`Saved.`),
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    write.mutate({
      params: { path: { enrollment_id: part.id }, header: ifMatch(part) },
      body: { boundaries: String(new FormData(event.currentTarget).get("boundaries")).trim() || null },
    });
  }
  return (
    <Card title={<Trans>What I keep out of the talks</Trans>}>
      <form onSubmit={onSubmit} className="flex flex-col items-start gap-4">
        <div className="w-full">
          <TextArea
            label={t`I would rather not talk about`}
            hint={t`Only you and the one you talk with read it.`}
            name="boundaries"
            defaultValue={part.boundaries ?? ""}
            maxLength={1000}
          />
        </div>
        <CanButton can={part.can} action="edit" type="submit" busy={write.isPending}>
          <Trans>Save</Trans>
        </CanButton>
      </form>
    </Card>
  );
}

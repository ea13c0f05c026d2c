import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";

/** The warm-up before the first talk: structure and courage for the junior, listening for the executive. */
export function PrimerPage() {
  const { t } = useLingui();
  const { enrollmentId } = useParams({ from: "/shell/primer/$enrollmentId" });
  const navigate = useNavigate();
  const path = { params: { path: { enrollment_id: enrollmentId } } };
  const enrollment = useQuery($api.queryOptions("get", "/v1/enrollments/{enrollment_id}", path));
  const finish = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/complete-primer", {
    onSuccess() {
      toast(t`You are ready. Enjoy the first talk.`);
      navigate({ to: "/" });
    },
  });
  return (
    <Page title={t`Before the first talk`} lead={<Trans>Ten minutes, once</Trans>}>
      <Loaded query={enrollment} skeleton={<Skeleton card lines={8} />}>
        {({ role, can }) => (
          <>
            <ol className="grid gap-4 lg:grid-cols-3">
              {role === "mentor" ? <MentorSteps /> : <MenteeSteps />}
            </ol>
            <div>
              {can.complete_primer?.allowed ? (
                <Button
                  tone="primary"
                  icon={CircleCheck}
                  busy={finish.isPending}
                  onClick={() => finish.mutate(path)}
                >
                  <Trans>I am ready</Trans>
                </Button>
              ) : (
                <Link to="/" className={buttonLook()}>
                  <Trans>Go to Today</Trans>
                </Link>
              )}
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Step({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <li>
      <Card title={title} className="h-full">
        <div className="flex flex-col gap-3 text-ink-2">{children}</div>
      </Card>
    </li>
  );
}

function MentorSteps() {
  return (
    <>
      <Step title={<Trans>Your everyday is the expertise</Trans>}>
        <p>
          <Trans>
            You are not asked for a revelation. You are asked how things look from where you stand: what
            works, what makes you sigh, what your friends would say.
          </Trans>
        </p>
        <p>
          <Trans>The one opposite you may decide a lot, yet cannot see this. That is why you two meet.</Trans>
        </p>
      </Step>
      <Step title={<Trans>A shape for the half hour</Trans>}>
        <p>
          <Trans>Five minutes to arrive. Twenty on one thing. Five on what each takes along.</Trans>
        </p>
        <p>
          <Trans>
            Bring one example, one question and one wish. Every talk has a kit with questions to start from.
          </Trans>
        </p>
      </Step>
      <Step title={<Trans>Courage, kindly</Trans>}>
        <p>
          <Trans>
            I noticed … It makes me … What if … Three beginnings carry almost any thought without a bruise.
          </Trans>
        </p>
        <p>
          <Trans>
            You may stop, move or leave at any time, without a reason. Nothing here reaches your own manager.
          </Trans>
        </p>
      </Step>
    </>
  );
}

function MenteeSteps() {
  return (
    <>
      <Step title={<Trans>Ask before you answer</Trans>}>
        <p>
          <Trans>
            Bring one real question, one whose answer you do not know. Then wait five seconds longer than is
            comfortable.
          </Trans>
        </p>
        <p>
          <Trans>A junior notices every word. Your curiosity is the safest thing you can show.</Trans>
        </p>
      </Step>
      <Step title={<Trans>Don't correct, don't defend</Trans>}>
        <p>
          <Trans>
            Say back what you heard and ask if you heard it right. Explaining why things are so can wait.
          </Trans>
        </p>
        <p>
          <Trans>If something stings, say thank you first. It took courage to say it.</Trans>
        </p>
      </Step>
      <Step title={<Trans>Keep the hour</Trans>}>
        <p>
          <Trans>
            Move a talk rather than cancel it, and meet on neutral ground, not in your own office.
          </Trans>
        </p>
        <p>
          <Trans>What is said stays between you two. Afterwards, tell what became of it.</Trans>
        </p>
      </Step>
    </>
  );
}

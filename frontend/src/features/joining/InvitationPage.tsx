import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { CanButton } from "#/api/CanButton";
import { $api, client, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { EnrollmentOut } from "#/api/types";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { Agree } from "./Agree";
import { Answered } from "./Answered";
import { Invitation } from "./Invitation";
import { ProfileForm } from "./ProfileForm";
import { known, type Profile, toBody } from "./profile";

/** Behind the mail: what one is invited to, and the answer to it. */
export function InvitationPage() {
  const { t } = useLingui();
  const { enrollmentId } = useParams({ from: "/shell/invitations/$enrollmentId" });
  const enrollment = useQuery(
    $api.queryOptions("get", "/v1/enrollments/{enrollment_id}", {
      params: { path: { enrollment_id: enrollmentId } },
    }),
  );
  return (
    <Loaded query={enrollment} page={t`An invitation`} skeleton={<Skeleton card lines={8} />}>
      {(found) => (
        <Page title={found.state === "invited" ? t`You are invited` : t`Your part in the program`}>
          {found.state === "invited" ? (
            <Open enrollment={found} />
          ) : found.can.agree ? (
            <Asked enrollment={found} />
          ) : (
            <Answered state={found.state} />
          )}
        </Page>
      )}
    </Loaded>
  );
}

/** For whoever was enrolled by others: the terms, about which nobody has asked them yet. */
function Asked({ enrollment }: { enrollment: EnrollmentOut }) {
  const terms = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/terms", {
      params: { path: { program_id: enrollment.program_id } },
    }),
  );
  const agree = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/terms");
  return (
    <Loaded query={terms} skeleton={<Skeleton card lines={8} />}>
      {(found) => (
        <Card>
          <form
            className="flex max-w-2xl flex-col items-start gap-6"
            onSubmit={(event) => {
              event.preventDefault();
              agree.mutate({
                params: { path: { enrollment_id: enrollment.id } },
                body: { number: found.number },
              });
            }}
          >
            <Agree terms={found} />
            <CanButton
              can={enrollment.can}
              action="agree"
              type="submit"
              tone="primary"
              busy={agree.isPending}
            >
              <Trans>Yes, I take part</Trans>
            </CanButton>
          </form>
        </Card>
      )}
    </Loaded>
  );
}

function Open({ enrollment }: { enrollment: EnrollmentOut }) {
  const { t } = useLingui();
  const path = { params: { path: { enrollment_id: enrollment.id } } };
  const card = useQuery($api.queryOptions("get", "/v1/enrollments/{enrollment_id}/invitation", path));
  const apply = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/apply", {
    onSuccess: () => toast(t`Thank you. We tell you as soon as there is news.`),
  });
  const write = $api.useMutation("patch", "/v1/enrollments/{enrollment_id}");
  const decline = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/decline", {
    onSuccess: () => toast(t`All right. No reason is needed.`),
  });
  const agree = $api.useMutation("post", "/v1/enrollments/{enrollment_id}/terms");
  const busy = apply.isPending || write.isPending || agree.isPending;
  async function answer(profile: Profile, terms: number | undefined) {
    // The version may be older than the latest read: the profile is written over what stands now.
    const { data } = await client.GET("/v1/enrollments/{enrollment_id}", path);
    await write.mutateAsync({
      params: { ...path.params, header: ifMatch(data ?? enrollment) },
      body: toBody(enrollment.role, profile),
    });
    if (terms) await agree.mutateAsync({ ...path, body: { number: terms } });
    await apply.mutateAsync(path);
  }
  return (
    <Loaded query={card} skeleton={<Skeleton card lines={8} />}>
      {(found) => (
        <Invitation card={found}>
          <ProfileForm
            role={enrollment.role}
            initial={known(enrollment)}
            terms={found.terms}
            onSubmit={(profile) => void answer(profile, found.terms?.number).catch(() => undefined)}
          >
            <CanButton can={found.can} action="apply" type="submit" tone="primary" busy={busy}>
              <Trans>Yes, I take part</Trans>
            </CanButton>
            <CanButton
              can={found.can}
              action="decline"
              busy={decline.isPending}
              onClick={() => decline.mutate(path)}
            >
              <Trans>No thanks</Trans>
            </CanButton>
          </ProfileForm>
        </Invitation>
      )}
    </Loaded>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { CanButton } from "#/api/CanButton";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { buttonLook } from "#/ui/Button";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { Answered } from "./Answered";
import { Invitation } from "./Invitation";
import { ProfileForm } from "./ProfileForm";
import { EMPTY, toBody } from "./profile";

/** Behind a link or a QR code that anybody of the organization may follow. */
export function JoinPage() {
  const { t } = useLingui();
  const { code } = useParams({ from: "/shell/join/$code" });
  const path = { params: { path: { code } } };
  const card = useQuery($api.queryOptions("get", "/v1/invitation-links/{code}", path));
  const apply = $api.useMutation("post", "/v1/invitation-links/{code}/apply", {
    onSuccess: () => toast(t`Thank you. We tell you as soon as there is news.`),
  });
  if (apply.data && apply.data.state !== "invited")
    return (
      <Page title={t`Your part in the program`}>
        <Answered state={apply.data.state} />
      </Page>
    );
  return (
    <Loaded query={card} page={t`Take part`} skeleton={<Skeleton card lines={8} />}>
      {(found) => (
        <Page title={t`Take part`}>
          <Invitation card={found}>
            <ProfileForm
              role={found.role}
              initial={EMPTY}
              terms={found.terms}
              onSubmit={(profile) =>
                apply.mutate({
                  ...path,
                  body: { ...toBody(found.role, profile), terms_version: found.terms?.number ?? null },
                })
              }
            >
              <CanButton can={found.can} action="apply" type="submit" tone="primary" busy={apply.isPending}>
                <Trans>Yes, I take part</Trans>
              </CanButton>
              <Link to="/" className={buttonLook()}>
                <Trans>No thanks</Trans>
              </Link>
            </ProfileForm>
          </Invitation>
        </Page>
      )}
    </Loaded>
  );
}

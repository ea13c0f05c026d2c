import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useIsAdmin } from "#/features/people/access";
import { buttonLook } from "#/ui/Button";
import { Page } from "#/ui/Page";
import { NoPermission } from "#/ui/states";
import { Apps } from "./Apps";
import { Clients } from "./Clients";

/** Who comes in without a browser: other systems by key, phones by an app. */
export function KeysPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  return (
    <Page
      title={t`Keys and apps`}
      lead={<Trans>Who comes in without a browser</Trans>}
      actions={
        isAdmin && (
          <Link to="/webhooks" className={buttonLook({})}>
            <Trans>Webhooks</Trans>
          </Link>
        )
      }
    >
      {isAdmin ? (
        <>
          <Clients />
          <Apps />
          <p className="text-ink-2">
            <Trans>
              What other systems can do here, call by call:{" "}
              <a href="/reference" className="font-semibold text-spruce-text underline">
                the API reference
              </a>
            </Trans>
          </p>
        </>
      ) : (
        <NoPermission />
      )}
    </Page>
  );
}

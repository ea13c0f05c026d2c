import { Trans, useLingui } from "@lingui/react/macro";
import { useIsAdmin } from "#/features/people/access";
import { Page } from "#/ui/Page";
import { NoPermission } from "#/ui/states";
import { Apps } from "./Apps";
import { Clients } from "./Clients";

/** Who comes in without a browser: other systems by key, phones by an app. */
export function KeysPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  return (
    <Page title={t`Keys and apps`} lead={<Trans>Who comes in without a browser</Trans>}>
      {isAdmin ? (
        <>
          <Clients />
          <Apps />
        </>
      ) : (
        <NoPermission />
      )}
    </Page>
  );
}

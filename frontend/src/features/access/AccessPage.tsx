import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Provider } from "./Provider";
import { Roles } from "./Roles";

/** Who may do what here, and how people come in: for the organization's admins. */
export function AccessPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Access`} lead={<Trans>Who looks after what, and how people sign in.</Trans>}>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Roles />
        <Provider />
      </div>
    </Page>
  );
}

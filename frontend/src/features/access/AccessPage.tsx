import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Look } from "./Look";
import { Provider } from "./Provider";
import { Roles } from "./Roles";
import { Units } from "./Units";

/** Who may do what here, and how people come in: for the organization's admins. */
export function AccessPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Access`}
      lead={<Trans>Who looks after what, how people sign in, and how it all looks.</Trans>}
    >
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex flex-col gap-4">
          <Roles />
          <Units />
        </div>
        <div className="flex flex-col gap-4">
          <Look />
          <Provider />
        </div>
      </div>
    </Page>
  );
}

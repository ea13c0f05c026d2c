import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";

export function ImportsPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Imports`}>
      <Skeleton />
    </Page>
  );
}

import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";

export function PersonPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Person`}>
      <Skeleton />
    </Page>
  );
}

import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";

export function PairsPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Pairs`}>
      <Skeleton />
    </Page>
  );
}

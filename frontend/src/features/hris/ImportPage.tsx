import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";

export function ImportPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Import`}>
      <Skeleton />
    </Page>
  );
}

import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";

export function NewProgramPage() {
  const { t } = useLingui();
  return (
    <Page title={t`New program`}>
      <Skeleton />
    </Page>
  );
}

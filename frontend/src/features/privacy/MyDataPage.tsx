import { Trans, useLingui } from "@lingui/react/macro";
import { Download } from "lucide-react";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { EraseMe } from "./EraseMe";
import { Kept } from "./Kept";
import { Readers } from "./Readers";
import { SeenByHr } from "./SeenByHr";

/** What Vuoro knows of somebody, and what they can do about it. */
export function MyDataPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`My data`}
      lead={<Trans>What Vuoro keeps of you, who sees it, and how you take it along or end it</Trans>}
    >
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <SeenByHr />
          <Readers />
        </div>
        <div className="flex flex-col gap-4">
          <Card
            title={<Trans>Take it along</Trans>}
            lead={<Trans>Everything of you, and what your pair shared with you</Trans>}
          >
            <p className="mb-4 text-ink-2">
              <Trans>
                A ZIP with a page to read and files for machines. Your private notes are in it, readable: keep
                it safe.
              </Trans>
            </p>
            <a href="/v1/me/export" download className={buttonLook({ tone: "primary" })}>
              <Download size={18} aria-hidden />
              <Trans>Download my data</Trans>
            </a>
          </Card>
          <EraseMe />
        </div>
      </div>
      <Kept />
    </Page>
  );
}

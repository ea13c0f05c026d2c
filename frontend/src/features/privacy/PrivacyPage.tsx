import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { PersonSummary } from "#/api/types";
import { useIsAdmin } from "#/features/people/access";
import { PersonPicker } from "#/features/people/PersonPicker";
import { buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";
import { Erasures } from "./Erasures";
import { Retention } from "./Retention";

const AuditPage = lazy(() => import("./AuditPage"));

/** What an admin owes the people in the directory: how long, export, erasure. */
export function PrivacyPage() {
  const { t } = useLingui();
  const isAdmin = useIsAdmin();
  const { view } = useSearch({ from: "/shell/manage/privacy" });
  if (isAdmin && view === "audit")
    return (
      <Suspense fallback={<Skeleton card lines={8} />}>
        <AuditPage />
      </Suspense>
    );
  return (
    <Page
      title={t`Privacy`}
      lead={<Trans>How long data is kept, and what people may ask of you</Trans>}
      actions={
        isAdmin && (
          <Link to="/privacy" search={{ view: "audit" }} className={buttonLook()}>
            <Trans>Audit log</Trans>
          </Link>
        )
      }
    >
      {isAdmin ? (
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
          <div className="flex flex-col gap-4">
            <ExportPerson />
            <Erasures />
          </div>
          <Retention />
        </div>
      ) : (
        <NoPermission />
      )}
    </Page>
  );
}

function ExportPerson() {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<PersonSummary | null>(null);
  return (
    <Card
      title={<Trans>Export a person</Trans>}
      lead={
        <Trans>What the directory has of them. Their words are theirs: they export those themselves.</Trans>
      }
    >
      <div className="flex flex-col gap-4">
        <PersonPicker label={t`Person`} chosen={chosen} onChoose={setChosen} />
        {chosen && (
          <div>
            <a href={`/v1/people/${chosen.id}/export`} download className={buttonLook({ tone: "primary" })}>
              <Download size={18} aria-hidden />
              <Trans>Download</Trans>
            </a>
          </div>
        )}
      </div>
    </Card>
  );
}

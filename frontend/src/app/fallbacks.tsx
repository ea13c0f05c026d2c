import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ProblemError, problemWords } from "#/api/problems";
import { isPartMissing, startAnew } from "#/lib/parts";
import { buttonLook } from "#/ui/Button";
import { Page } from "#/ui/Page";
import { EmptyState, ErrorState, NoPermission, OfflineState, Skeleton } from "#/ui/states";

export function PagePending() {
  return <Skeleton lines={6} />;
}

function NotHere() {
  const { t } = useLingui();
  return (
    <EmptyState
      title={t`There is no page here`}
      action={
        <Link to="/" className={buttonLook({ tone: "primary" })}>
          <Trans>Go to Today</Trans>
        </Link>
      }
    >
      <Trans>It may have moved, or it isn't shared with you.</Trans>
    </EmptyState>
  );
}

export function NotFoundPage() {
  const { t } = useLingui();
  return (
    <main className="mx-auto max-w-xl p-4">
      <h1 className="sr-only">{t`There is no page here`}</h1>
      <NotHere />
    </main>
  );
}

/** What a page shows when it could not be made: each cause with its own way out. */
export function PageFailed({ error }: { error: unknown }) {
  const { t } = useLingui();
  const missing = isPartMissing(error);
  const [reloading, setReloading] = useState(missing && navigator.onLine);
  useEffect(() => {
    if (reloading && !startAnew()) setReloading(false);
  }, [reloading]);
  if (reloading) return <PagePending />;
  return (
    <Page title={t`Something is in the way`}>
      <Cause error={error} missing={missing} />
    </Page>
  );
}

function Cause({ error, missing }: { error: unknown; missing: boolean }) {
  const { i18n } = useLingui();
  const router = useRouter();
  // A part that failed to load stays failed until the page starts anew.
  const retry = () => (missing && navigator.onLine ? location.reload() : router.invalidate());
  const problem = error instanceof ProblemError ? error : null;
  if (problem?.status === 404) return <NotHere />;
  if (problem?.status === 403) return <NoPermission />;
  if (problem?.code === "unreachable" || !navigator.onLine) return <OfflineState onRetry={retry} />;
  return (
    <ErrorState detail={i18n._(problemWords(error))} requestId={problem?.requestId ?? null} onRetry={retry} />
  );
}

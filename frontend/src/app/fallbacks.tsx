import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useRouter } from "@tanstack/react-router";
import { ProblemError, problemWords } from "#/api/problems";
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
  return (
    <Page title={t`Something is in the way`}>
      <Cause error={error} />
    </Page>
  );
}

function Cause({ error }: { error: unknown }) {
  const { i18n } = useLingui();
  const router = useRouter();
  const retry = () => router.invalidate();
  const problem = error instanceof ProblemError ? error : null;
  if (problem?.status === 404) return <NotHere />;
  if (problem?.status === 403) return <NoPermission />;
  if (problem?.code === "unreachable" || !navigator.onLine) return <OfflineState onRetry={retry} />;
  return (
    <ErrorState detail={i18n._(problemWords(error))} requestId={problem?.requestId ?? null} onRetry={retry} />
  );
}

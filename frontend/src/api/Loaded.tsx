import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useDeferredValue } from "react";
import { Page } from "#/ui/Page";
import { ErrorState, NoPermission, OfflineState, Skeleton } from "#/ui/states";
import { ProblemError, problemWords } from "./problems";

interface Answer<T> {
  data: T | undefined;
  error: unknown;
  isError: boolean;
  refetch: () => unknown;
}

/** One query on a page: its skeleton, its trouble (with a way out), or its data. */
export function Loaded<T>({
  query,
  skeleton = <Skeleton lines={4} />,
  page,
  children,
}: {
  query: Answer<T>;
  skeleton?: ReactNode;
  /** The page's name, where the query is the whole page: its trouble then has a heading too. */
  page?: string;
  children: (data: T) => ReactNode;
}) {
  // What comes from the network is drawn in small steps, so that no touch waits for it.
  const drawn = useDeferredValue(query.data);
  if (query.data !== undefined && drawn !== undefined) return children(drawn);
  if (!query.isError || query.data !== undefined) return skeleton;
  const trouble = <Trouble error={query.error} onRetry={() => query.refetch()} />;
  return page ? <Page title={page}>{trouble}</Page> : trouble;
}

function Trouble({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { i18n } = useLingui();
  const problem = error instanceof ProblemError ? error : null;
  if (problem?.status === 403) return <NoPermission />;
  if (problem?.code === "unreachable") return <OfflineState onRetry={onRetry} />;
  return (
    <ErrorState
      detail={i18n._(problemWords(error))}
      requestId={problem?.requestId ?? null}
      onRetry={onRetry}
    />
  );
}

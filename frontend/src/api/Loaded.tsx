import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
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
  children,
}: {
  query: Answer<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}) {
  const { i18n } = useLingui();
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return skeleton;
  const problem = query.error instanceof ProblemError ? query.error : null;
  if (problem?.status === 403) return <NoPermission />;
  if (problem?.code === "unreachable") return <OfflineState onRetry={() => query.refetch()} />;
  return (
    <ErrorState
      detail={i18n._(problemWords(query.error))}
      requestId={problem?.requestId ?? null}
      onRetry={() => query.refetch()}
    />
  );
}

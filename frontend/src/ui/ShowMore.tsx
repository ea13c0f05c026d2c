import type { ReactNode } from "react";
import { Button } from "./Button";

/** The foot of a list that has more pages. */
export function ShowMore({
  query,
  children,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  children: ReactNode;
}) {
  if (!query.hasNextPage) return null;
  return (
    <div className="border-t border-line p-4 text-center">
      <Button busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
        {children}
      </Button>
    </div>
  );
}

import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { LifeBuoy } from "lucide-react";
import { buttonLook } from "#/ui/Button";

/** One press to whoever may be told that something is not right; it looks the same whether or not one ever did. */
export function ConcernLink({ about, programId }: { about?: "pair"; programId?: string }) {
  return (
    <Link
      to="/concerns/new"
      search={{ ...(about && { about }), ...(programId && { program: programId }) }}
      className={buttonLook({ tone: "quiet" })}
    >
      <LifeBuoy size={18} aria-hidden className="shrink-0" />
      <Trans>Something isn't right</Trans>
    </Link>
  );
}

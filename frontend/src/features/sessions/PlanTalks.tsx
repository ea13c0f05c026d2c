import { Trans } from "@lingui/react/macro";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import { CanButton } from "#/api/CanButton";
import type { MentoringPair } from "#/api/types";
import { ArcDialog, PlanDialog } from "./TimeDialogs";

/** Where nothing is booked: the whole row of talks in one action, or just one of them. */
export function PlanTalks({ pair }: { pair: MentoringPair }) {
  const [planning, setPlanning] = useState<"arc" | "one">();
  const close = () => setPlanning(undefined);
  const { held, planned } = pair.rhythm;
  const several = planned - held > 1;
  return (
    <div className="mt-5 flex flex-wrap gap-2">
      {several && (
        <CanButton
          can={pair.can}
          action="plan_session"
          tone="sun"
          icon={CalendarPlus}
          onClick={() => setPlanning("arc")}
        >
          <Trans>Book all talks at once</Trans>
        </CanButton>
      )}
      {(!several || pair.can.plan_session?.allowed) && (
        <CanButton
          can={pair.can}
          action="plan_session"
          tone={several ? "on-deep" : "sun"}
          onClick={() => setPlanning("one")}
        >
          <Trans>Plan a talk</Trans>
        </CanButton>
      )}
      <ArcDialog pairId={pair.id} open={planning === "arc"} onClose={close} />
      <PlanDialog pairId={pair.id} open={planning === "one"} onClose={close} />
    </div>
  );
}

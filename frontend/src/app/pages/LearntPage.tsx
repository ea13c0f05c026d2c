import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Sprout } from "lucide-react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { MentoringPair } from "#/api/types";
import { CandidGot } from "#/features/insights/CandidGot";
import { isTogether } from "#/features/pairs/words";
import { KeptPromises } from "#/features/sessions/KeptPromises";
import { MyTakeaways } from "#/features/sessions/MyTakeaways";
import { Thanks } from "#/features/sessions/Thanks";
import { buttonLook } from "#/ui/Button";
import { Page } from "#/ui/Page";
import { Skeleton } from "#/ui/states";

/** What an executive has from it all: lines taken along, thoughts given, promises kept, and thanks to say. */
export function LearntPage() {
  const { t } = useLingui();
  const pairs = useQuery(
    $api.queryOptions("get", "/v1/pairs", { params: { query: { mine: true, limit: 100 } } }),
  );
  return (
    <Page
      title={t`What I learnt`}
      actions={
        <Link to="/growth" className={buttonLook()}>
          <Sprout size={18} aria-hidden />
          <Trans>How I grow</Trans>
        </Link>
      }
    >
      <Loaded query={pairs} skeleton={<Skeleton card lines={8} />}>
        {({ items }) => <Learnt pairs={items.filter((pair) => pair.my_side)} />}
      </Loaded>
    </Page>
  );
}

function Learnt({ pairs }: { pairs: MentoringPair[] }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="flex flex-col gap-4">
        <CandidGot pairs={pairs} />
        <MyTakeaways pairs={pairs} />
      </div>
      <div className="flex flex-col gap-4">
        {pairs
          .filter(({ state }) => isTogether(state) && state !== "completed")
          .map((pair) => (
            <Thanks key={pair.id} pair={pair} />
          ))}
        <KeptPromises />
      </div>
    </div>
  );
}

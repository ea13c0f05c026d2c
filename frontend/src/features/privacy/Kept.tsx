import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { Fold } from "#/ui/Fold";
import { Skeleton } from "#/ui/states";

/** Every kind of data with its purpose and its days, in the words of the server. */
export function Kept() {
  return (
    <Fold
      title={<Trans>What is kept, and why</Trans>}
      lead={<Trans>Every kind of data, what it is for, and when it goes by itself</Trans>}
    >
      <Kinds />
    </Fold>
  );
}

function Kinds() {
  const kept = useQuery($api.queryOptions("get", "/v1/me/data"));
  return (
    <div className="border-t border-line p-5">
      <Loaded query={kept} skeleton={<Skeleton lines={8} />}>
        {({ items }) => (
          <dl className="grid grid-cols-1 gap-x-8 gap-y-4 md:grid-cols-2">
            {items.map((one) => (
              <div key={one.kind}>
                <dt className="font-semibold">{one.name}</dt>
                <dd className="text-sm text-ink-2">{one.purpose}.</dd>
                <dd className="text-sm text-ink-3">{one.kept}.</dd>
              </div>
            ))}
          </dl>
        )}
      </Loaded>
    </div>
  );
}

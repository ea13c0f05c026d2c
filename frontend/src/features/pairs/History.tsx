import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "#/api/Loaded";
import { useFormat } from "#/lib/format";
import { Card } from "#/ui/Card";
import { historyQuery } from "./queries";
import { stateWords } from "./words";

export function History({ pairId }: { pairId: string }) {
  const { i18n } = useLingui();
  const format = useFormat();
  const history = useQuery(historyQuery(pairId));
  return (
    <Card title={<Trans>So far</Trans>}>
      <Loaded query={history}>
        {({ items }) => (
          <ol className="flex flex-col gap-3 border-l-2 border-line pl-4">
            {items.map((step) => (
              <li key={step.at + step.state} className="relative">
                <span
                  aria-hidden
                  className="absolute top-1.5 -left-[1.4375rem] size-2.5 rounded-full bg-spruce-fill"
                />
                <p className="font-medium">{i18n._(stateWords(step.state).label)}</p>
                <p className="text-xs text-ink-3">{format.date(step.at)}</p>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Card>
  );
}

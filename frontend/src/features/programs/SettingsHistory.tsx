import { Trans, useLingui } from "@lingui/react/macro";
import { $api, byCursor } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { ProgramOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { ShowMore } from "#/ui/ShowMore";
import { Skeleton } from "#/ui/states";
import { SETTINGS } from "./settingNames";
import { WEIGHTS, type WeightName } from "./words";

type Value = boolean | number | string | null;

/** How the settings came to be as they are: who changed what, newest first. */
export default function SettingsHistory({ program }: { program: ProgramOut }) {
  const versions = $api.useInfiniteQuery(
    "get",
    "/v1/programs/{program_id}/settings-versions",
    { params: { path: { program_id: program.id }, query: { limit: 20 } } },
    byCursor,
  );
  const format = useFormat();
  const words = useSettingWords();
  return (
    <Loaded
      query={versions}
      skeleton={
        <div className="border-t border-line p-5">
          <Skeleton lines={3} />
        </div>
      }
    >
      {({ pages }) => (
        <>
          <ol>
            {pages
              .flatMap((page) => page.items)
              .map(({ number, at, changed_by, changes }) => {
                const name = changed_by?.display_name;
                return (
                  <li key={number} className="border-t border-line px-5 py-4">
                    <p className="text-sm text-ink-3">
                      {format.dateTime(at)}
                      {" · "}
                      {name ?? <Trans>by Vuoro itself</Trans>}
                    </p>
                    {changes.length === 0 ? (
                      <p className="mt-1 font-medium">
                        <Trans>As it began</Trans>
                      </p>
                    ) : (
                      <ul className="mt-1 flex flex-col gap-1">
                        {changes.map((change) => (
                          <li key={change.name} className="flex flex-wrap gap-x-3">
                            <span className="font-medium">{words.name(change.name)}</span>
                            <span className="text-ink-2">
                              {words.value(change.name, change.before)} <span aria-hidden>→</span>
                              <span className="sr-only">
                                <Trans>became</Trans>
                              </span>{" "}
                              {words.value(change.name, change.after)}
                            </span>
                          </li>
                        ))}
                      </ul>
                    )}
                  </li>
                );
              })}
          </ol>
          <ShowMore query={versions}>
            <Trans>Show older ones</Trans>
          </ShowMore>
        </>
      )}
    </Loaded>
  );
}

function useSettingWords() {
  const { t, i18n } = useLingui();
  const format = useFormat();
  return {
    name(setting: string): string {
      const weight = WEIGHTS[setting.replace(/^weights\./u, "") as WeightName];
      const told = SETTINGS[setting] ?? weight;
      return told ? i18n._(told) : setting;
    },
    value(setting: string, value: Value): string {
      if (typeof value === "boolean") return value ? t`yes` : t`no`;
      const share = setting.startsWith("weights.") || ["rules.min_score", "stay_bonus"].includes(setting);
      if (share && value !== null) return format.percent(Number(value));
      return typeof value === "number" ? format.number(value) : (value ?? "–");
    },
  };
}

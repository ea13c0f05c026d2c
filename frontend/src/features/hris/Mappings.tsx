import { Trans, useLingui } from "@lingui/react/macro";
import { $api, byCursor } from "#/api/client";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { ShowMore } from "#/ui/ShowMore";
import { toast } from "#/ui/toast";

/** Choices of columns that were kept under a name; nothing where there are none. */
export function Mappings() {
  const { t } = useLingui();
  const format = useFormat();
  const mappings = $api.useInfiniteQuery(
    "get",
    "/v1/import-mappings",
    { params: { query: { limit: 20 } } },
    byCursor,
  );
  const forget = $api.useMutation("delete", "/v1/import-mappings/{mapping_id}", {
    onSuccess: () => toast(t`Forgotten. Files that were brought in stay as they are.`),
  });
  const all = mappings.data?.pages.flatMap((page) => page.items) ?? [];
  if (all.length === 0) return null;
  return (
    <Card
      title={<Trans>Kept columns</Trans>}
      lead={<Trans>Chosen by themselves when a file has the same columns</Trans>}
      flush
    >
      <ul>
        {all.map(({ id, name, created_at }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-5 py-3">
            <h3 className="min-w-0 flex-1 basis-48 font-semibold break-words">{name}</h3>
            <span className="text-sm text-ink-3">{format.date(created_at)}</span>
            <Button
              tone="quiet"
              aria-label={t`Forget: ${name}`}
              onClick={() => forget.mutate({ params: { path: { mapping_id: id } } })}
            >
              <Trans>Forget</Trans>
            </Button>
          </li>
        ))}
      </ul>
      <ShowMore query={mappings}>
        <Trans>Show more</Trans>
      </ShowMore>
    </Card>
  );
}

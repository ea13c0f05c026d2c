import { useLingui } from "@lingui/react/macro";
import { $api } from "#/api/client";
import { isAdmin, useMe } from "#/features/identity/me";
import { Select } from "#/ui/Field";

/** Whose a programme is: nothing to choose where there are no units, or one alone that its manager looks after. */
export function UnitSelect({ unitId }: { unitId: string | null }) {
  const { t } = useLingui();
  const me = useMe();
  const whole =
    isAdmin(me) ||
    me.grants.some(
      ({ role, program_id, unit_id }) => role === "programme_manager" && !program_id && !unit_id,
    );
  const units = $api.useQuery("get", "/v1/organization/units", { params: { query: { limit: 100 } } });
  const items = units.data?.items ?? [];
  if (items.length < (whole ? 1 : 2)) return null;
  return (
    <Select
      label={t`Whose programme it is`}
      hint={t`Whoever looks after the unit runs it.`}
      name="unit_id"
      defaultValue={unitId ?? ""}
      options={[
        ...(whole ? [{ value: "", label: t`The whole organization` }] : []),
        ...items.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

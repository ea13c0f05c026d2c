import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { useCurrentProgram } from "#/features/identity/me";
import { useReadsDirectory } from "#/features/people/access";
import { pick } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Checkbox, TextField } from "#/ui/Field";
import { Page } from "#/ui/Page";
import { NoPermission, Skeleton } from "#/ui/states";
import { toast } from "#/ui/toast";
import { UnitSelect } from "./UnitSelect";

export function NewProgramPage() {
  const { t } = useLingui();
  const mayManage = useReadsDirectory();
  return (
    <Page title={t`A new program`} lead={<Trans>Choose what it is for; the rest is ready to go.</Trans>}>
      {mayManage ? <Form /> : <NoPermission />}
    </Page>
  );
}

function Form() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [, choose] = useCurrentProgram();
  const templates = useQuery($api.queryOptions("get", "/v1/program-templates"));
  const [key, setKey] = useState<string>();
  const [name, setName] = useState<string>();
  const [errors, setErrors] = useState<{ template?: string; name?: string }>({});
  const create = $api.useMutation("post", "/v1/programs");
  const open = $api.useMutation("post", "/v1/programs/{program_id}/transitions");
  async function onSubmit(event: FormEvent<HTMLFormElement>, suggested: string) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const called = (name ?? suggested).trim();
    const found = {
      ...(key ? {} : { template: t`Choose one to start from.` }),
      ...(called ? {} : { name: t`Give the program a name.` }),
    };
    setErrors(found);
    if (!key || !called) {
      event.currentTarget
        .querySelector<HTMLInputElement>(key ? "input[name=name]" : "input[name=template]")
        ?.focus();
      return;
    }
    const starts_on = String(form.get("starts_on") ?? "");
    const unit_id = String(form.get("unit_id") ?? "");
    const program = await create.mutateAsync({
      // Without a day the server takes a Monday about four weeks ahead.
      body: { name: called, template: key, ...(starts_on && { starts_on }), ...(unit_id && { unit_id }) },
    });
    // The program stands even when opening it fails: its own page offers that again.
    if (form.get("open") === "on")
      await open
        .mutateAsync({ params: { path: { program_id: program.id } }, body: { to: "enrolling" } })
        .catch(() => undefined);
    toast(t`The program stands. Next: who takes part?`);
    choose(program.id);
    await navigate({ to: "/programs/$programId", params: { programId: program.id } });
  }
  return (
    <Loaded query={templates} skeleton={<Skeleton card lines={6} />}>
      {({ items }) => {
        const chosen = items.find((each) => each.key === key);
        const year = String(new Date().getFullYear());
        const suggested = chosen ? `${pick(chosen.name, i18n.locale)} ${year}` : "";
        return (
          <form
            noValidate
            onSubmit={(event) => void onSubmit(event, suggested).catch(() => undefined)}
            className="flex flex-col gap-5"
          >
            <fieldset aria-describedby={errors.template ? "template-error" : undefined}>
              <legend className="mb-3 text-lg font-semibold">
                <Trans>What is it for?</Trans>
              </legend>
              {errors.template && (
                <p id="template-error" role="alert" className="mb-3 text-sm font-semibold text-lingon-text">
                  {errors.template}
                </p>
              )}
              <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-3">
                {items.map((template) => {
                  const { sessions, weeks } = template;
                  return (
                    <label
                      key={template.key}
                      className="group relative flex cursor-pointer flex-col gap-1 rounded-2xl border border-line bg-surface p-5 shadow-card transition-colors hover:bg-sunken has-checked:border-spruce has-checked:bg-spruce-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-spruce forced-colors:has-checked:outline-2"
                    >
                      <input
                        type="radio"
                        name="template"
                        value={template.key}
                        checked={template.key === key}
                        onChange={() => {
                          setKey(template.key);
                          setErrors({});
                        }}
                        className="sr-only"
                      />
                      <CircleCheck
                        size={20}
                        aria-hidden
                        className="absolute top-4 right-4 hidden text-spruce-text group-has-checked:block"
                      />
                      <span className="pr-8 text-lg font-semibold">{pick(template.name, i18n.locale)}</span>
                      <span className="text-ink-2">{pick(template.purpose, i18n.locale)}</span>
                      <span className="mt-auto pt-3 text-sm text-ink-3">
                        <Plural value={sessions} one="# talk" other="# talks" />
                        {" · "}
                        <Plural value={weeks} one="# week" other="# weeks" />
                      </span>
                    </label>
                  );
                })}
              </div>
            </fieldset>
            <Card title={<Trans>Name and start</Trans>}>
              <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
                <TextField
                  label={t`Name`}
                  name="name"
                  required
                  maxLength={200}
                  value={name ?? suggested}
                  onChange={(event) => setName(event.target.value)}
                  error={errors.name}
                />
                <TextField
                  label={t`First day`}
                  name="starts_on"
                  type="date"
                  hint={t`Left empty: a Monday about four weeks from now.`}
                />
                <UnitSelect unitId={null} />
              </div>
              <div className="mt-5">
                <Checkbox
                  name="open"
                  defaultChecked
                  label={t`Open it for joining at once`}
                  hint={t`People can then ask to take part, and you can enroll them.`}
                />
              </div>
            </Card>
            <div>
              <Button type="submit" tone="primary" busy={create.isPending || open.isPending}>
                <Trans>Start the program</Trans>
              </Button>
            </div>
          </form>
        );
      }}
    </Loaded>
  );
}

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { LogOut } from "lucide-react";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import type { PersonOut } from "#/api/types";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { Checkbox } from "#/ui/Field";
import { toast } from "#/ui/toast";

/** For a lost phone or computer: all sign-ins of somebody who stays end at once. */
export function EndSignIns({ person }: { person: PersonOut }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const name = person.display_name;
  const close = () => setOpen(false);
  return (
    <>
      <Button icon={LogOut} onClick={() => setOpen(true)}>
        <Trans>End sign-ins</Trans>
      </Button>
      <Dialog open={open} onClose={close} title={t`End all sign-ins of ${name}?`}>
        <Form personId={person.id} onClose={close} />
      </Dialog>
    </>
  );
}

function Form({ personId, onClose }: { personId: string; onClose: () => void }) {
  const { t } = useLingui();
  const path = { params: { path: { person_id: personId } } };
  const found = $api.useQuery("get", "/v1/people/{person_id}/sign-ins", path);
  const end = $api.useMutation("post", "/v1/people/{person_id}/sign-ins/end", {
    onSuccess() {
      toast(t`All sign-ins have ended. They get a mail about it.`);
      onClose();
    },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    end.mutate({ ...path, body: { passkeys: said.has("passkeys"), account: said.has("account") } });
  }
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <Loaded query={found}>
        {({ sign_ins, devices, apps, passkeys, has_account }) => (
          <>
            <p className="text-ink-2">
              <Plural
                value={sign_ins}
                _0="Signed in nowhere"
                one="Signed in on # device"
                other="Signed in on # devices"
              />
              {devices.length > 0 && ` (${devices.join("; ")})`}
              {apps > 0 && (
                <>
                  {" · "}
                  <Plural value={apps} one="# app" other="# apps" />
                </>
              )}
            </p>
            <p className="text-sm text-ink-3">
              <Trans>When they were used last is nobody's to see.</Trans>
            </p>
            {passkeys > 0 && (
              <Checkbox
                name="passkeys"
                label={t`Remove their passkeys too`}
                hint={t`When the lost device holds one. They add a new one with a link from their mail.`}
              />
            )}
            {has_account && (
              <Checkbox
                name="account"
                label={t`Unlink the organization's own sign-in too`}
                hint={t`When that account is no longer theirs.`}
              />
            )}
          </>
        )}
      </Loaded>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="danger" icon={LogOut} busy={end.isPending}>
          <Trans>End them all</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Leave them</Trans>
        </Button>
      </div>
    </form>
  );
}

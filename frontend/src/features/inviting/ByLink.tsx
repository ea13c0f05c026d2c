import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Download, Link2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { $api, ifMatch } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { fieldErrors } from "#/api/problems";
import type { InvitationLinkOut, ProgramOut } from "#/api/types";
import { ROLES } from "#/features/programs/words";
import { useFormat } from "#/lib/format";
import { Button } from "#/ui/Button";
import { CopyButton } from "#/ui/CopyButton";
import { TextField } from "#/ui/Field";
import { Tag } from "#/ui/Tag";
import { Part } from "./Invite";
import { QrCode } from "./QrCode";
import { LINK_STATES, type Role } from "./words";

/** A link for the intranet or a poster; who follows it asks to take part. */
export function ByLink({ program }: { program: ProgramOut }) {
  const { t } = useLingui();
  const [role, setRole] = useState<Role>("mentor");
  const make = $api.useMutation("post", "/v1/programs/{program_id}/invitation-links");
  const errors = fieldErrors(make.error);
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "") || null;
    if (!event.currentTarget.reportValidity()) return;
    make.mutate({
      params: { path: { program_id: program.id } },
      body: {
        role,
        cohort_id: text("cohort_id"),
        expires_on: text("expires_on"),
        max_uses: Number(text("max_uses")) || null,
      },
    });
  }
  return (
    <div className="flex flex-col gap-5">
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-5">
        <p className="text-sm text-ink-3">
          <Trans>
            Put it on the intranet or a poster. Who follows it asks to take part, and you say yes.
          </Trans>
        </p>
        <Part program={program} role={role} onRole={setRole} />
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <TextField
            label={t`Last day`}
            hint={t`Left empty: it works until you close it.`}
            name="expires_on"
            type="date"
            error={errors.expires_on}
          />
          <TextField
            label={t`For how many people, at most`}
            hint={t`Left empty: for everybody.`}
            name="max_uses"
            type="number"
            min={1}
            max={10_000}
            error={errors.max_uses}
          />
        </div>
        <div>
          <Button type="submit" tone="primary" icon={Link2} busy={make.isPending}>
            <Trans>Make a link</Trans>
          </Button>
        </div>
      </form>
      {make.data?.url && <Made key={make.data.id} url={make.data.url} role={make.data.role} />}
      <Links program={program} />
    </div>
  );
}

/** The link just made, to copy and to save as a picture: it is told this once. */
function Made({ url, role }: { url: string; role: Role }) {
  const { t, i18n } = useLingui();
  const picture = useRef<HTMLDivElement>(null);
  const side = i18n._(ROLES[role].label);
  function save() {
    const svg = picture.current?.innerHTML;
    if (!svg) return;
    const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `vuoro-${role}.svg`;
    link.click();
    URL.revokeObjectURL(address);
  }
  return (
    <section
      aria-label={t`The new link`}
      className="flex flex-wrap items-start gap-5 rounded-2xl bg-sunken p-4"
    >
      <div ref={picture}>
        <QrCode text={url} label={t`QR code of the link for: ${side}`} />
      </div>
      <div className="flex min-w-0 flex-1 basis-64 flex-col items-start gap-3">
        <Tag tone={ROLES[role].tone}>{side}</Tag>
        <p className="w-full font-medium break-all select-all">{url}</p>
        <p className="text-sm text-ink-3">
          <Trans>Keep it now: for safety it isn't shown again. You can close it at any time.</Trans>
        </p>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={url}>
            <Trans>Copy the address</Trans>
          </CopyButton>
          <Button icon={Download} onClick={save}>
            <Trans>Save the picture</Trans>
          </Button>
        </div>
      </div>
    </section>
  );
}

function Links({ program }: { program: ProgramOut }) {
  const links = useQuery(
    $api.queryOptions("get", "/v1/programs/{program_id}/invitation-links", {
      params: { path: { program_id: program.id }, query: { limit: 50 } },
    }),
  );
  return (
    <Loaded query={links}>
      {({ items }) =>
        items.length > 0 && (
          <section>
            <h3 className="mb-2 font-semibold">
              <Trans>Links so far</Trans>
            </h3>
            <ul className="divide-y divide-line">
              {items.map((link) => (
                <OneLink key={link.id} link={link} />
              ))}
            </ul>
          </section>
        )
      }
    </Loaded>
  );
}

function OneLink({ link }: { link: InvitationLinkOut }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const close = $api.useMutation("delete", "/v1/programs/{program_id}/invitation-links/{link_id}");
  const { label, tone } = LINK_STATES[link.state];
  const { uses, max_uses } = link;
  const made = format.date(link.created_at);
  const until = link.expires_at && format.dateTime(link.expires_at);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <Tag tone={ROLES[link.role].tone}>{i18n._(ROLES[link.role].label)}</Tag>
          <span className="text-sm">
            {max_uses ? (
              <Trans>
                {uses} of {max_uses} have come
              </Trans>
            ) : (
              <Plural value={uses} _0="Nobody has come yet" one="# has come" other="# have come" />
            )}
          </span>
        </p>
        <p className="mt-1 text-sm text-ink-3">
          <Trans>Made {made}</Trans>
          {until && (
            <>
              {" · "}
              <Trans>until {until}</Trans>
            </>
          )}
        </p>
      </div>
      <Tag tone={tone}>{i18n._(label)}</Tag>
      {link.can.revoke?.allowed && (
        <Button
          tone="quiet"
          aria-label={t`Close the link of ${made}`}
          busy={close.isPending}
          onClick={() =>
            close.mutate({
              params: { path: { program_id: link.program_id, link_id: link.id }, header: ifMatch(link) },
            })
          }
        >
          <Trans>Close</Trans>
        </Button>
      )}
    </li>
  );
}

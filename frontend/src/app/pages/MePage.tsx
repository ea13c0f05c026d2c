import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { FileLock2, KeyRound, LogOut, ScrollText, ShieldCheck, Sprout } from "lucide-react";
import { ConcernLink } from "#/features/feedback/ConcernLink";
import { takesPart, useMe, useSignOut } from "#/features/identity/me";
import { MyParts } from "#/features/joining/MyParts";
import { MyApps } from "#/features/machines/MyApps";
import { useIsAdmin } from "#/features/people/access";
import { Delegate } from "#/features/sessions/Delegate";
import { LOCALE_NAMES, type Locale } from "#/lib/i18n";
import { cx } from "#/lib/text";
import { setTheme, type Theme, useTheme } from "#/lib/theme";
import { Avatar } from "#/ui/Avatar";
import { Button, buttonLook } from "#/ui/Button";
import { Card } from "#/ui/Card";
import { Segmented } from "#/ui/Field";
import { Page } from "#/ui/Page";

export function MePage() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const theme = useTheme();
  const isAdmin = useIsAdmin();
  const name = me.person?.display_name ?? me.organization.name;
  const zone = me.time_zone.replace("_", " ");
  const { mutate: signOut, isPending } = useSignOut();
  return (
    <Page title={t`Me`}>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Card>
            <div className="flex items-center gap-4">
              <Avatar name={name} size="xl" />
              <div className="min-w-0">
                <p className="text-lg font-semibold">{name}</p>
                <p className="text-ink-3">
                  {[me.person?.title, me.person?.division, me.person?.site].filter(Boolean).join(" · ")}
                </p>
                <p className="text-ink-3">{me.organization.name}</p>
              </div>
            </div>
          </Card>
          <MyParts />
          {me.programs.some(({ roles }) => roles.includes("mentee")) && <Delegate />}
          <MyApps />
        </div>
        <div className="flex flex-col gap-4">
          <Card title={<Trans>How Vuoro looks to me</Trans>}>
            <dl className="flex flex-col gap-4">
              <div>
                <dt className="mb-1.5 text-sm font-semibold">
                  <Trans>Theme</Trans>
                </dt>
                <dd>
                  <Segmented<Theme>
                    label={t`Theme`}
                    value={theme}
                    onChange={setTheme}
                    options={[
                      { value: "light", label: t`Light` },
                      { value: "dark", label: t`Dark` },
                      { value: "system", label: t`As the device` },
                    ]}
                  />
                </dd>
              </div>
              <div>
                <dt className="text-sm font-semibold">
                  <Trans>Language</Trans>
                </dt>
                <dd className="text-ink-3">
                  {LOCALE_NAMES[i18n.locale as Locale]}. <Trans>Change it at the top of any page.</Trans>
                </dd>
              </div>
              <div>
                <dt className="text-sm font-semibold">
                  <Trans>Time zone</Trans>
                </dt>
                <dd className="text-ink-3">{zone}</dd>
              </div>
            </dl>
          </Card>
          <Card title={<Trans>What others see of me</Trans>}>
            <ul className="flex list-disc flex-col gap-2 pl-5 text-ink-2">
              <li>
                <Trans>
                  Your programme manager sees that a pair meets, never what it talks about, when or who moved
                  a talk.
                </Trans>
              </li>
              <li>
                <Trans>Your line manager sees nothing of this.</Trans>
              </li>
              <li>
                <Trans>Your private notes and sealed answers are yours alone.</Trans>
              </li>
            </ul>
            <Link to="/me/data" className={cx(buttonLook(), "mt-4")}>
              <FileLock2 size={18} aria-hidden />
              <Trans>My data</Trans>
            </Link>
          </Card>
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {isAdmin && (
          <>
            <Link to="/privacy" className={buttonLook()}>
              <ShieldCheck size={18} aria-hidden />
              <Trans>Privacy</Trans>
            </Link>
            <Link to="/privacy" search={{ view: "audit" }} className={buttonLook()}>
              <ScrollText size={18} aria-hidden />
              <Trans>Audit log</Trans>
            </Link>
          </>
        )}
        {takesPart(me) && (
          <Link to="/growth" className={buttonLook()}>
            <Sprout size={18} aria-hidden />
            <Trans>How I grow</Trans>
          </Link>
        )}
        <Link to="/me/devices" className={buttonLook()}>
          <KeyRound size={18} aria-hidden />
          <Trans>Devices and sign-in</Trans>
        </Link>
        <ConcernLink />
        <Button icon={LogOut} busy={isPending} onClick={() => signOut({})}>
          <Trans>Sign out</Trans>
        </Button>
      </div>
    </Page>
  );
}

import { Trans, useLingui } from "@lingui/react/macro";
import type { ProgramTermsOut } from "#/api/types";
import { pick } from "#/lib/i18n";

/** A programme's terms of use, and the yes to them. */
export function Agree({ terms }: { terms: ProgramTermsOut }) {
  const { t, i18n } = useLingui();
  return (
    <section aria-label={t`Terms of this programme`} className="flex flex-col gap-3">
      <h3 className="font-semibold">
        <Trans>Terms of this programme</Trans>
      </h3>
      <p className="rounded-xl border border-line p-4 whitespace-pre-line text-ink-2">
        {pick(terms.text, i18n.locale)}
      </p>
      <label className="flex min-h-11 items-center gap-3 font-semibold">
        <input type="checkbox" required className="size-5 shrink-0 accent-spruce" />
        <Trans>I have read these terms and agree to them</Trans>
      </label>
    </section>
  );
}

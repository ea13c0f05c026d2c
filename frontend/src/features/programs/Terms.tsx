import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { $api } from "#/api/client";
import { Loaded } from "#/api/Loaded";
import { problemWords } from "#/api/problems";
import type { ProgramOut, ProgramTermsOut } from "#/api/types";
import { useFormat } from "#/lib/format";
import { LOCALE_NAMES, LOCALES } from "#/lib/i18n";
import { Button } from "#/ui/Button";
import { TextArea } from "#/ui/Field";
import { toast } from "#/ui/toast";

const PATH = "/v1/programs/{program_id}/terms";

/** What people agree to when they join: one text in three languages, in versions. */
export default function Terms({ program }: { program: ProgramOut }) {
  const path = { params: { path: { program_id: program.id } } };
  const terms = $api.useQuery("get", PATH, path, { enabled: program.terms_version !== null });
  if (program.terms_version === null) return <Form program={program} terms={null} />;
  return (
    <Loaded query={terms}>{(found) => <Form key={found.number} program={program} terms={found} />}</Loaded>
  );
}

function Form({ program, terms }: { program: ProgramOut; terms: ProgramTermsOut | null }) {
  const { t, i18n } = useLingui();
  const format = useFormat();
  const [missing, setMissing] = useState(false);
  const publish = $api.useMutation("put", PATH, {
    onSuccess: () => toast(t`Published. Who joins from now on agrees to it.`),
    meta: { quiet: true },
  });
  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const [fi = "", sv = "", en = ""] = LOCALES.map((locale) => String(said.get(locale)).trim());
    setMissing(!(fi && sv && en));
    if (fi && sv && en)
      publish.mutate({ params: { path: { program_id: program.id } }, body: { text: { fi, sv, en } } });
  }
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4 border-t border-line p-5">
      <p className="text-sm text-ink-3">
        {terms ? (
          <Trans>
            Version {terms.number}, since {format.date(terms.created_at)}. Those who take part keep the
            version they agreed to.
          </Trans>
        ) : (
          <Trans>
            Nobody is asked for anything yet. Once you publish a text, whoever joins agrees to it first.
          </Trans>
        )}
      </p>
      {LOCALES.map((locale) => (
        <TextArea
          key={locale}
          name={locale}
          lang={locale}
          label={LOCALE_NAMES[locale]}
          maxLength={20_000}
          defaultValue={terms?.text[locale]}
        />
      ))}
      {(missing || publish.isError) && (
        <p role="alert" className="text-sm font-semibold text-lingon-text">
          {missing ? t`Write it in all three languages.` : i18n._(problemWords(publish.error))}
        </p>
      )}
      <div>
        <Button type="submit" tone="primary" busy={publish.isPending}>
          {terms ? <Trans>Publish the next version</Trans> : <Trans>Publish</Trans>}
        </Button>
      </div>
    </form>
  );
}

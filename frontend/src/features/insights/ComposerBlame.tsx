import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Feather } from "lucide-react";
import type { Locale } from "#/lib/i18n";
import { type Finding, findBlame, soften, type Why } from "./blame";

const WHY: Record<Why, MessageDescriptor> = {
  absolute: msg`One exception, and you talk about the word instead of the thing. How often was it?`,
  label: msg`This judges the person, and people defend who they are. What could one see or hear?`,
  mind: msg`This tells what goes on in somebody's head. Say what you saw, and ask about the rest.`,
  order: msg`An order invites a no. A possibility invites a thought.`,
  makes: msg`Nobody likes to hear that they made you. Begin with yourself: "I became unsure".`,
};

/** Words that would make the other one defend themselves, each with why and with better ones to press. */
export function Blame({
  text,
  language,
  onChange,
}: {
  text: string;
  language: Locale;
  onChange: (text: string) => void;
}) {
  const { t, i18n } = useLingui();
  const found = findBlame(text, language);
  return (
    <div role="status" className="empty:hidden">
      {found.length > 0 && (
        <ul className="mt-2 flex flex-col gap-2">
          {found.map((each: Finding) => (
            <li key={`${each.at} ${each.words}`} className="rounded-xl bg-cloud-soft px-3.5 py-2.5 text-sm">
              <p className="flex items-center gap-2 font-semibold text-cloud-text">
                <Feather size={16} aria-hidden className="shrink-0" />
                <span lang={language}>{t`“${each.words}”`}</span>
              </p>
              <p className="text-ink-2">{i18n._(WHY[each.why])}</p>
              {each.better.length > 0 && (
                <div className="mt-1.5 flex flex-wrap gap-2">
                  {each.better.map((better) => (
                    <button
                      key={better}
                      type="button"
                      aria-label={
                        better
                          ? t`Write “${better}” instead of “${each.words}”`
                          : t`Leave out “${each.words}”`
                      }
                      onClick={() => onChange(soften(text, each, better))}
                      className="inline-flex min-h-11 items-center rounded-xl border border-edge bg-surface px-3 font-semibold text-ink hover:bg-sunken sm:min-h-9"
                    >
                      {better ? <span lang={language}>{better}</span> : <Trans>Leave it out</Trans>}
                    </button>
                  ))}
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

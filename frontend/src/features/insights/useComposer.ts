import { useLingui } from "@lingui/react/macro";
import { $api, ifMatch, randomKey } from "#/api/client";
import type { CandidMessageOut } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { useDraft } from "#/lib/draft";
import { LOCALES, type Locale } from "#/lib/i18n";
import { toast } from "#/ui/toast";
import { compose, type Parts, RUNGS, type Rung, VARIANTS } from "./composer";

interface Draft extends Parts {
  language: Locale | null;
  rung: Rung;
  variant: number;
  /** Messages changed by hand, by language, rung and way. */
  edits: Record<string, string>;
  /** The message of the API that this goes on with. */
  kept: string | null;
  /** Sent with it, so that it cannot be given twice. */
  key: string | null;
}

const EMPTY: Draft = {
  situation: "",
  behaviour: "",
  impact: "",
  language: null,
  rung: "gentle",
  variant: 0,
  edits: {},
  kept: null,
  key: null,
};

/** What I wrote, in every pair of mine. */
export const myCandidQuery = () =>
  $api.queryOptions("get", "/v1/candid-messages", { params: { query: { mine: true, limit: 100 } } });

const place = (language: Locale, rung: Rung, variant: number) => `${language} ${rung} ${variant}`;

/** The language and way in which the parts give this very text, if any does. */
function wayOf(parts: Parts, rung: Rung, text: string): [Locale, number] | undefined {
  return LOCALES.flatMap((language) =>
    Array.from({ length: VARIANTS }, (_, variant): [Locale, number] => [language, variant]),
  ).find(([language, variant]) => compose(parts, rung, language, variant) === text);
}

/** The thought that is being written. It lives in this browser until it is kept or given. */
export function useComposer(messages: CandidMessageOut[]) {
  const { t, i18n } = useLingui();
  const [draft, write] = useDraft(`composer:${useMe().person?.id}`, EMPTY);
  const create = $api.useMutation("post", "/v1/candid-messages");
  const change = $api.useMutation("patch", "/v1/candid-messages/{message_id}");
  const give = $api.useMutation("post", "/v1/candid-messages/{message_id}/give");
  const { situation, behaviour, impact, rung, variant } = draft;
  const language = draft.language ?? (i18n.locale as Locale);
  const parts = { situation, behaviour, impact };
  const built = compose(parts, rung, language, variant);
  const edited = draft.edits[place(language, rung, variant)];
  const text = edited ?? built;
  const kept = messages.find(({ id, state }) => id === draft.kept && state === "draft");
  const set = (next: Partial<Draft>) => write({ ...draft, ...next });
  const erase = () => write(null);

  async function send(pairId: string, state: "draft" | "given") {
    const body = { ...parts, tone: rung, text: text.trim() };
    if (kept) {
      const path = { message_id: kept.id };
      await change.mutateAsync({ params: { path, header: ifMatch(kept) }, body });
      if (state === "given") await give.mutateAsync({ params: { path } });
    } else {
      const key = draft.key ?? randomKey();
      set({ key });
      await create.mutateAsync({
        params: { header: { "idempotency-key": key } },
        body: { ...body, pair_id: pairId, state },
      });
    }
    erase();
    toast(
      state === "given"
        ? t`Given. You see the answer here.`
        : t`Kept, encrypted under your own key. Nobody was told.`,
    );
  }

  return {
    ...parts,
    rung,
    language,
    text,
    edited: edited !== undefined && edited !== built,
    /** Whom the draft that it goes on with was kept for. */
    keptFor: kept?.pair_id,
    empty: text.trim() === "" && !situation && !behaviour && !impact,
    busy: create.isPending || change.isPending || give.isPending,
    set,
    erase,
    edit: (words: string) => set({ edits: { ...draft.edits, [place(language, rung, variant)]: words } }),
    rebuild: () => set({ edits: {} }),
    another: () => set({ variant: (variant + 1) % VARIANTS }),
    /** Trouble is told by the request itself; what was written stays. */
    send: (pairId: string, state: "draft" | "given") => void send(pairId, state).catch(() => {}),
    goOn(message: CandidMessageOut) {
      const told: Parts = {
        situation: message.situation ?? "",
        behaviour: message.behaviour ?? "",
        impact: message.impact ?? "",
      };
      const tone = RUNGS.find((each) => each === message.tone) ?? "plain";
      const [its, way] = wayOf(told, tone, message.text) ?? [language, 0];
      write({
        ...EMPTY,
        ...told,
        rung: tone,
        language: its,
        variant: way,
        kept: message.id,
        edits:
          compose(told, tone, its, way) === message.text ? {} : { [place(its, tone, way)]: message.text },
      });
    },
  };
}

export type Composer = ReturnType<typeof useComposer>;

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { client, randomKey } from "#/api/client";
import { ProblemError } from "#/api/problems";
import { useMe } from "#/features/identity/me";
import { readDraft, writeDraft } from "#/lib/draft";

/** A seed on its way: its key makes sure that it arrives once, however often it is sent. */
export interface Waiting {
  key: string;
  text: string;
  prompt: string | null;
  /** Why the server will not have it (a problem's code). */
  refused: string | null;
}

const NONE: Waiting[] = [];
const AGAIN_MS = 10_000;
/** Answers after which the same seed may still be taken: no network, signed out, busy, or broken for now. */
const passing = (error: unknown) =>
  !(error instanceof ProblemError) ||
  error.status === 0 ||
  error.status >= 500 ||
  [401, 408, 429].includes(error.status);

type Change = (next: (now: Waiting[]) => Waiting[]) => void;

/** Sends what waits, in its order; whether anything arrived. Stops at the first that has to wait on. */
export async function sendAll(read: () => Waiting[], change: Change): Promise<boolean> {
  let arrived = false;
  for (;;) {
    const first = read().find((each) => !each.refused);
    if (!first) return arrived;
    const { key, text, prompt } = first;
    try {
      await client.POST("/v1/idea-seeds", {
        params: { header: { "idempotency-key": key } },
        body: { text, prompt_key: prompt },
      });
      arrived = true;
      change((now) => now.filter((each) => each.key !== key));
    } catch (error) {
      if (passing(error)) return arrived;
      const refused = (error as ProblemError).code;
      change((now) => now.map((each) => (each.key === key ? { ...each, refused } : each)));
    }
  }
}

const nameOf = (personId: string | undefined) => `seeds:${personId}`;
/** Where the device keeps nothing, they live as long as the page. */
let unkept: Waiting[] | null = null;
const read = (name: string) => unkept ?? readDraft(name, NONE);

/** Another tab may have sent or added some: what counts is what the device holds. */
function change(name: string, next: (now: Waiting[]) => Waiting[]): void {
  const list = next(read(name));
  writeDraft(name, list.length > 0 ? list : null);
  unkept = readDraft(name, NONE).length === list.length ? null : list;
}

let sending: Promise<boolean> | null = null;

/** Sends what somebody's device holds; whoever asks meanwhile gets the same answer. */
export function sendKept(personId: string | undefined): Promise<boolean> {
  const name = nameOf(personId);
  sending ??= sendAll(
    () => read(name),
    (next) => change(name, next),
  ).finally(() => {
    sending = null;
  });
  return sending;
}

export type Seedbox = ReturnType<typeof useSeedbox>;

/** Seeds of mine that wait on this device; each is sent as soon as the server answers. */
export function useSeedbox() {
  const { person } = useMe();
  const personId = person?.id;
  const name = nameOf(personId);
  const queryClient = useQueryClient();
  const [waiting, setWaiting] = useState(() => read(name));

  const flush = useCallback(async () => {
    const arrived = await sendKept(personId);
    setWaiting(read(name));
    if (arrived) await queryClient.invalidateQueries({ queryKey: ["get", "/v1/idea-seeds"] });
  }, [name, personId, queryClient]);

  const open = waiting.some((each) => !each.refused);
  useEffect(() => {
    if (!open) return;
    void flush();
    const timer = setInterval(flush, AGAIN_MS);
    addEventListener("online", flush);
    return () => {
      clearInterval(timer);
      removeEventListener("online", flush);
    };
  }, [open, flush]);

  function alter(next: (now: Waiting[]) => Waiting[]) {
    change(name, next);
    setWaiting(read(name));
  }
  return {
    waiting,
    keep(text: string, prompt: string | null) {
      alter((now) => [...now, { key: randomKey(), text, prompt, refused: null }]);
      void flush();
    },
    again: (key: string) =>
      alter((now) => now.map((each) => (each.key === key ? { ...each, refused: null } : each))),
    remove: (key: string) => alter((now) => now.filter((each) => each.key !== key)),
  };
}

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { client, randomKey } from "#/api/client";
import { ProblemError } from "#/api/problems";
import type { NotePage } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { readDraft, writeDraft } from "#/lib/draft";
import { notesQuery } from "./queries";

/** A note on its way: its key makes sure that it arrives once, however often it is sent. */
interface Waiting {
  key: string;
  sessionId: string;
  visibility: "mine" | "ours";
  text: string;
  /** Why the server will not have it (a problem). */
  refused?: string;
}

const NONE: Waiting[] = [];
/** Where the device keeps nothing, they live as long as the page. */
let unkept: Waiting[] | null = null;
const readWaiting = (name: string) => unkept ?? readDraft(name, NONE);

function keep(name: string, list: Waiting[]): void {
  writeDraft(name, list.length > 0 ? list : null);
  unkept = readDraft(name, NONE).length === list.length ? null : list;
}

const AGAIN_MS = 10_000;
/** Answers after which the same note may still be taken: no network, signed out, busy, or broken for now. */
const passing = (error: unknown) =>
  !(error instanceof ProblemError) ||
  error.status === 0 ||
  error.status >= 500 ||
  [401, 408, 429].includes(error.status);

/** Notes of mine that wait on this device; each is sent as soon as the server answers, in their order. */
export function useOutbox() {
  const name = `notes:${useMe().person?.id}`;
  const queryClient = useQueryClient();
  const [waiting, setWaiting] = useState(() => readWaiting(name));
  const sending = useRef(false);

  /** Another tab may have sent or added some: what counts is what the device holds. */
  const change = useCallback(
    (next: (now: Waiting[]) => Waiting[]) => {
      const list = next(readWaiting(name));
      keep(name, list);
      setWaiting(list);
    },
    [name],
  );

  const flush = useCallback(async () => {
    if (sending.current) return;
    sending.current = true;
    try {
      for (;;) {
        const first = readWaiting(name).find((each) => !each.refused);
        if (!first) return;
        const { key, sessionId, visibility, text } = first;
        try {
          const { data } = await client.POST("/v1/sessions/{session_id}/notes", {
            params: { path: { session_id: sessionId }, header: { "idempotency-key": key } },
            body: { visibility, text },
          });
          queryClient.setQueryData<NotePage>(
            notesQuery(sessionId).queryKey,
            (old) =>
              data && old && { ...old, items: [data, ...old.items.filter(({ id }) => id !== data.id)] },
          );
          change((now) => now.filter((each) => each.key !== key));
        } catch (error) {
          if (passing(error)) return;
          const refused = (error as ProblemError).code;
          change((now) => now.map((each) => (each.key === key ? { ...each, refused } : each)));
        }
      }
    } finally {
      sending.current = false;
    }
  }, [name, change, queryClient]);

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

  return {
    waiting,
    add(note: Pick<Waiting, "sessionId" | "visibility" | "text">) {
      change((now) => [...now, { ...note, key: randomKey() }]);
      void flush();
    },
    remove: (key: string) => change((now) => now.filter((each) => each.key !== key)),
  };
}

/** Sends what waits from a page that shows no notes. */
export function Outbox() {
  useOutbox();
  return null;
}

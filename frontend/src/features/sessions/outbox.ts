import { client } from "#/api/client";
import { makeOutbox, type Waiting } from "#/api/outbox";
import type { NotePage } from "#/api/types";
import { useMe } from "#/features/identity/me";
import { notesQuery } from "./queries";

interface Note extends Waiting {
  sessionId: string;
  visibility: "mine" | "ours";
  text: string;
}

const notes = makeOutbox<Note>("notes", async ({ key, sessionId, visibility, text }, cache) => {
  const { data } = await client.POST("/v1/sessions/{session_id}/notes", {
    params: { path: { session_id: sessionId }, header: { "idempotency-key": key } },
    body: { visibility, text },
  });
  cache.setQueryData<NotePage>(
    notesQuery(sessionId).queryKey,
    (old) => data && old && { ...old, items: [data, ...old.items.filter(({ id }) => id !== data.id)] },
  );
});
export const sendKept = notes.sendKept;

/** Notes of mine that wait on this device. */
export const useOutbox = () => notes.useOutbox(useMe().person?.id);

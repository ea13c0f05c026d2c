import { useLingui } from "@lingui/react/macro";
import { $api } from "#/api/client";
import type { MentoringSession } from "#/api/types";
import { toast } from "#/ui/toast";

/** Adds lines to what a talk is about; the text stays the pair's own. */
export function useAgenda(session: MentoringSession | null) {
  const { t } = useLingui();
  const save = $api.useMutation("put", "/v1/sessions/{session_id}/agenda", {
    onSuccess: () => toast(t`The agenda is saved. Both of you see it.`),
  });
  return {
    busy: save.isPending,
    write(text: string, onSuccess?: () => void) {
      if (!session) return;
      save.mutate(
        { params: { path: { session_id: session.id } }, body: { text } },
        onSuccess ? { onSuccess } : {},
      );
    },
    add(line: string) {
      this.write([session?.agenda, line].filter(Boolean).join("\n"));
    },
  };
}

import { i18n } from "@lingui/core";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { toast } from "#/ui/toast";
import { leave } from "./client";
import { ProblemError, problemWords } from "./problems";

/** After any write everything on screen is read again: simple, and never stale. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const lost = (error: unknown) => {
    if (error instanceof ProblemError && error.status === 401) onSignedOut();
  };
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: lost }),
    mutationCache: new MutationCache({
      // Who signs out asks for nothing more: a refused read would race the new page that comes.
      onMutate(_variables, mutation) {
        if (!mutation.meta?.signsOut) return;
        leave();
        return queryClient.cancelQueries();
      },
      onSuccess: (_data, _variables, _result, mutation) =>
        mutation.meta?.signsOut ? undefined : queryClient.invalidateQueries(),
      onError(error, _variables, _result, mutation) {
        lost(error);
        if (error instanceof ProblemError && [409, 412].includes(error.status))
          queryClient.invalidateQueries();
        if (!mutation.meta?.quiet) toast(i18n._(problemWords(error)), "problem");
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        networkMode: "always",
        retry: (count, error) =>
          navigator.onLine &&
          count < 2 &&
          !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
      },
      mutations: { networkMode: "always" },
    },
  });
  return queryClient;
}

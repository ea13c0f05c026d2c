import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { loadWords } from "#/lib/i18n";
import { Again } from "./Again";

let asking: Promise<boolean> | undefined;

/** Asks whoever sits there to show again that it is they; false when they would rather not. */
export function proveAgain(method: string): Promise<boolean> {
  asking ??= ask(method).finally(() => {
    asking = undefined;
  });
  return asking;
}

async function ask(method: string): Promise<boolean> {
  await loadWords("access");
  const place = document.body.appendChild(document.createElement("div"));
  const root = createRoot(place);
  const proved = await new Promise<boolean>((done) =>
    root.render(
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={new QueryClient()}>
          <Again method={method} onDone={done} />
        </QueryClientProvider>
      </I18nProvider>,
    ),
  );
  root.unmount();
  place.remove();
  return proved;
}

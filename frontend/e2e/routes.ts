import { expect, type Page } from "@playwright/test";
import { openProgram, type Persona, read, send } from "./personas";

/** Who opens pages: those who are signed in, and nobody. */
export const VISITORS = ["nobody", "mentor", "mentee", "manager", "admin", "safeguarding"] as const;

interface Items {
  items: { id: string }[];
}

/** A file that is checked and waits for a yes: somebody new, changes, a fault. */
async function checkedFile(page: Page): Promise<string> {
  const { items } = await read<{ items: Record<"external_id" | "display_name" | "work_email", string>[] }>(
    page,
    "/v1/people?limit=4",
  );
  const known = items.map((one) => [one.external_id, one.display_name, one.work_email, "Team Lead"]);
  const fresh = ["pictures-1", "Aava Aallokas", "aava.aallokas@nordlys.example", "Trainee"];
  const faulty = ["pictures-2", "Onni Virhe", "no-mail-address", "Trainee"];
  const rows = [["Employee ID", "Worker", "Primary Work Email", "Business Title"], ...known, fresh, faulty];
  const buffer = Buffer.from(rows.map((row) => row.join(",")).join("\n"));
  const file = { name: "november.csv", mimeType: "text/csv", buffer };
  const { id } = await send<{ id: string }>(page, "/v1/imports", undefined, file);
  await expect
    .poll(async () => (await read<{ state: string }>(page, `/v1/imports/${id}`)).state)
    .toBe("checked");
  return id;
}

/** Every page a persona can open; those of one object are looked up first. */
export async function routesOf(page: Page, persona: Persona | "nobody"): Promise<string[]> {
  const first = async (path: string) => (await read<Items>(page, path)).items[0]?.id;
  const all = async (path: string, base: string) =>
    (await read<Items>(page, path)).items.map(({ id }) => `${base}/${id}`);
  if (persona === "nobody")
    return [
      "/sign-in",
      "/sign-in#token=a-token-that-nobody-has-made",
      "/sign-in?step=stronger",
      "/sign-in?step=proved",
      "/sign-in?problem=nobody_here",
    ];
  if (persona === "mentor" || persona === "mentee") {
    const { programs: mine } = await read<{ programs: { id: string }[] }>(page, "/v1/me");
    const enrollment = await first(`/v1/programs/${mine[0]?.id}/enrollments?limit=1`);
    return [
      `/primer/${enrollment}`,
      `/invitations/${enrollment}`,
      "/",
      "/sessions",
      "/prepare",
      "/prepare/kits/short-video",
      "/me",
      "/me/devices",
      "/me/data",
      "/composer",
      "/learnt",
      "/growth",
      `/parts/${enrollment}`,
      "/concerns/new",
      ...(persona === "mentee" ? ["/challenges"] : []),
      "/no-such-page",
      ...(await all("/v1/pairs?mine=true&limit=5", "/pairs")),
      ...(await all("/v1/surveys?limit=1", "/surveys")),
      ...(await all("/v1/sessions?limit=100", "/sessions")).map((session) => `${session}/room`),
    ];
  }
  if (persona === "safeguarding") return ["/", "/concerns", "/delegated", "/me"];
  if (persona === "admin") {
    const back = "com.example.turns:/back";
    const app = await send<{ id: string }>(page, "/v1/oauth-clients", {
      name: "Turns",
      redirect_uris: [back],
    });
    const asked = `client_id=${app.id}&redirect_uri=${encodeURIComponent(back)}&response_type=code`;
    const machine = await send<{ id: string }>(page, "/v1/api-clients", {
      name: "HR system",
      scopes: ["people:read", "people:write"],
    });
    await send(page, `/v1/api-clients/${machine.id}/secrets`, undefined);
    const hook = await send<{ id: string }>(page, "/v1/webhook-endpoints", {
      url: "https://localhost:9/vuoro",
      description: "HR system",
      event_types: ["person.left", "program.moved"],
    });
    await send(page, `/v1/webhook-endpoints/${hook.id}/test`, undefined);
    const { id: connection } = await send<{ id: string }>(page, "/v1/scim-connections", {
      name: "Entra ID",
      preset: "entra",
      scope: { field: "country", values: ["FI", "SE"] },
    });
    const imports = await read<{ items: { id: string; state: string }[] }>(page, "/v1/imports?limit=100");
    await send(page, "/v1/organization/units", { name: `North ${Date.now()}`, divisions: ["Sales"] });
    return [
      "/",
      "/connections",
      `/connections/${connection}`,
      "/keys",
      "/webhooks",
      `/webhooks/${hook.id}`,
      `/authorize?${asked}&code_challenge=${"x".repeat(43)}&code_challenge_method=S256`,
      "/authorize",
      "/people",
      `/people/${await first("/v1/people?limit=1")}`,
      "/access",
      "/sign-in?step=setup",
      "/imports",
      "/privacy",
      "/privacy?view=audit",
      "/me/data",
      `/imports/${await checkedFile(page)}`,
      `/imports/${imports.items.find(({ state }) => state === "applied")?.id}`,
    ];
  }
  const { programs } = await read<{ programs: { id: string; state: string }[] }>(page, "/v1/me");
  const running = programs.find(({ state }) => state === "running") ?? programs[0];
  const program = `/programs/${running?.id}`;
  const enrolling = await openProgram(page);
  const link = { role: "mentor" };
  const { code } = await send<{ code: string }>(page, `/v1/programs/${enrolling?.id}/invitation-links`, link);
  const draft = await send<{ id: string }>(page, "/v1/surveys", {
    program_id: running?.id,
    template: "closing",
  });
  return [
    `/join/${code}`,
    `/programs/${enrolling?.id}`,
    program,
    ...["enrollments", "invite", "announcements", "events", "surveys", "reach"].map(
      (tab) => `${program}?tab=${tab}`,
    ),
    `${program}?tab=surveys&survey=${draft.id}`,
    `${program}/matching`,
    `${program}/pairs`,
    // The program whose pairs were looked at last is the one that Today tells of.
    "/",
    ...(await all(`/v1/pairs?program_id=${running?.id}&limit=1`, "/pairs")),
    "/programs/new",
  ];
}

import { client } from "#/api/client";
import { makeOutbox, type Waiting } from "#/api/outbox";
import { useMe } from "#/features/identity/me";

interface Seed extends Waiting {
  text: string;
  prompt: string | null;
}

/** Sends a seed; a second time with the same key makes no second one. */
export const sendSeed = ({ key, text, prompt }: Seed) =>
  client.POST("/v1/idea-seeds", {
    params: { header: { "idempotency-key": key } },
    body: { text, prompt_key: prompt },
  });

const seeds = makeOutbox<Seed>("seeds", async (seed, cache) => {
  await sendSeed(seed);
  void cache.invalidateQueries({ queryKey: ["get", "/v1/idea-seeds"] });
});
export const sendKept = seeds.sendKept;

export type Seedbox = ReturnType<typeof useSeedbox>;

/** Seeds of mine that wait on this device. */
export const useSeedbox = () => seeds.useOutbox(useMe().person?.id);

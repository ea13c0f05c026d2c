import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { readDraft, writeDraft } from "#/lib/draft";
import { randomKey } from "./client";
import { ProblemError } from "./problems";

/** Something on its way: its key makes sure that it arrives once, however often it is sent. */
export interface Waiting {
  key: string;
  /** Why the server will not have it (a problem's code). */
  refused: string | null;
}

type Change<Item> = (next: (now: Item[]) => Item[]) => void;

const AGAIN_MS = 10_000;
/** Answers after which the same may still be taken: no network, signed out, busy, or broken for now. */
const passing = (error: unknown) =>
  !(error instanceof ProblemError) ||
  error.status === 0 ||
  error.status >= 500 ||
  [401, 408, 429].includes(error.status);

/** Sends what waits, in its order; whether anything arrived. Stops at the first that has to wait on. */
export async function sendAll<Item extends Waiting>(
  read: () => Item[],
  change: Change<Item>,
  send: (item: Item) => Promise<unknown>,
): Promise<boolean> {
  let arrived = false;
  for (;;) {
    const first = read().find((each) => !each.refused);
    if (!first) return arrived;
    try {
      await send(first);
      arrived = true;
      change((now) => now.filter(({ key }) => key !== first.key));
    } catch (error) {
      if (passing(error)) return arrived;
      const refused = (error as ProblemError).code;
      change((now) => now.map((each) => (each.key === first.key ? { ...each, refused } : each)));
    }
  }
}

/** Things of one kind that wait on this device, each person's own, until the server has them. */
export function makeOutbox<Item extends Waiting>(
  kind: string,
  send: (item: Item, cache: QueryClient) => Promise<unknown>,
) {
  const nameOf = (personId: string | undefined) => `${kind}:${personId}`;
  /** Where the device keeps nothing, they live as long as the page. */
  let unkept: Item[] | null = null;
  const read = (name: string) => unkept ?? readDraft<Item[]>(name, []);

  /** Another tab may have sent or added some: what counts is what the device holds. */
  function change(name: string, next: (now: Item[]) => Item[]): void {
    const list = next(read(name));
    writeDraft(name, list.length > 0 ? list : null);
    unkept = readDraft<Item[]>(name, []).length === list.length ? null : list;
  }

  let sending: Promise<boolean> | null = null;

  /** Sends what somebody's device holds; whoever asks meanwhile gets the same answer. */
  function sendKept(personId: string | undefined, cache: QueryClient): Promise<boolean> {
    const name = nameOf(personId);
    sending ??= sendAll(
      () => read(name),
      (next) => change(name, next),
      (item) => send(item, cache),
    ).finally(() => {
      sending = null;
    });
    return sending;
  }

  /** What of somebody's waits; each is sent as soon as the server answers. */
  function useOutbox(personId: string | undefined) {
    const name = nameOf(personId);
    const cache = useQueryClient();
    const [waiting, setWaiting] = useState(() => read(name));
    const flush = useCallback(async () => {
      await sendKept(personId, cache);
      setWaiting(read(name));
    }, [name, personId, cache]);

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

    function alter(next: (now: Item[]) => Item[]) {
      change(name, next);
      setWaiting(read(name));
    }
    return {
      waiting,
      add(item: Omit<Item, keyof Waiting>) {
        alter((now) => [...now, { ...item, key: randomKey(), refused: null } as Item]);
        void flush();
      },
      again: (key: string) =>
        alter((now) => now.map((each) => (each.key === key ? { ...each, refused: null } : each))),
      remove: (key: string) => alter((now) => now.filter((each) => each.key !== key)),
    };
  }

  return { sendKept, useOutbox };
}

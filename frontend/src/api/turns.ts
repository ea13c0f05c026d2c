/** The last write to each object, made or not: the next one waits for it. */
const turns = new Map<string, Promise<Response>>();

/** The versions of each object that one's own writes in a row were made from, and at the end what they made. */
const made = new Map<string, string[]>();

const versionIn = (tag: string | null) => /\d+/u.exec(tag ?? "")?.[0];

/**
 * Sends a write to an object after one's own before it. What it was made from may not be drawn anew yet: where that is
 * what one's own write replaced, it takes the version which that one made. After anybody else's it is refused as ever.
 */
export async function inTurn(request: Request, send: (request: Request) => Promise<Response>) {
  const read = versionIn(request.headers.get("if-match"));
  if (!read) return send(request);
  const object = new URL(request.url).pathname.replace(/\/logo$/u, "");
  const turn = Promise.allSettled([turns.get(object)]).then(async () => {
    const own = made.get(object) ?? [];
    const row = own.includes(read) ? own : [read];
    request.headers.set("if-match", `"${row.at(-1)}.0"`);
    const answer = await send(request);
    const version = versionIn(answer.headers.get("etag"));
    if (answer.ok && version) made.set(object, [...row, version]);
    return answer;
  });
  turns.set(object, turn);
  return turn;
}

/** Whoever signs in next has written nothing yet. */
export function forgetTurns(): void {
  made.clear();
}

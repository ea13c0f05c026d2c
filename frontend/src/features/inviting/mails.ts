const MAIL = /[^\s<>,;"']+@[^\s<>,;"']+\.[^\s<>,;"'.]+/gu;

/** The work mails of a pasted text, each once, and the lines without any. */
export function readMails(text: string): { mails: string[]; strange: string[] } {
  const mails = new Set<string>();
  const strange: string[] = [];
  for (const line of text.split(/[\n;]+/u).map((each) => each.trim())) {
    const found = line.match(MAIL);
    for (const mail of found ?? []) mails.add(mail.toLowerCase());
    if (line && !found) strange.push(line);
  }
  return { mails: [...mails], strange };
}

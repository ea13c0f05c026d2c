// Writes a date in the reader's language, away from the page's own thread: see index.html.
new Intl.DateTimeFormat(location.search.slice(1), { dateStyle: "medium", timeStyle: "short" }).format();
new Intl.DateTimeFormat(location.search.slice(1), { weekday: "short", month: "short" }).format();
self.close();

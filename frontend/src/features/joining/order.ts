/** The list with one of it a place earlier or later; as it was at either end. */
export function moved(list: string[], id: string, by: -1 | 1): string[] {
  const from = list.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= list.length) return list;
  const others = list.filter((each) => each !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}

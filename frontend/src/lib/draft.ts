import { useCallback, useState } from "react";
import { storage } from "./storage";

const PREFIX = "vuoro-draft:";

/** What is written and not sent, kept on this device through reloads and lost networks. */
export function readDraft<T>(name: string, empty: T): T {
  try {
    return JSON.parse(storage.get(PREFIX + name) ?? "null") ?? empty;
  } catch {
    return empty;
  }
}

export function writeDraft(name: string, value: unknown): void {
  storage.set(PREFIX + name, value === null || value === "" ? null : JSON.stringify(value));
}

/** As state, read once; null or an empty text erases it from the device. */
export function useDraft<T>(name: string, empty: T): [T, (next: T | null) => void] {
  const [value, setValue] = useState(() => readDraft(name, empty));
  const change = useCallback(
    (next: T | null) => {
      setValue(next ?? empty);
      writeDraft(name, next);
    },
    [name, empty],
  );
  return [value, change];
}

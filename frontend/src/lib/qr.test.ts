import { expect, test } from "vitest";
import { MASKS, qr, qrPath } from "./qr";

/** Read as a scanner reads it, by tables of its own: format, mask, blocks, correction, bytes. */
function read(modules: boolean[][]): string {
  const size = modules.length;
  const version = (size - 17) / 4;
  const at = (x: number, y: number) => modules[y]?.[x] === true;
  let format = 0;
  for (let i = 0; i < 15; i++) {
    const dark = i < 6 ? at(i, 8) : i < 8 ? at(i + 1, 8) : i === 8 ? at(8, 7) : at(8, 14 - i);
    format = format * 2 + Number(dark);
  }
  const plain = format ^ 0x5412;
  expect(plain >> 13, "level M").toBe(0);
  const mask = MASKS[(plain >> 10) & 7];

  const centers = [
    [],
    [],
    [6, 18],
    [6, 22],
    [6, 26],
    [6, 30],
    [6, 34],
    [6, 22, 38],
    [6, 24, 42],
    [6, 26, 46],
    [6, 28, 50],
  ];
  const near = centers[version] ?? [];
  const last = near.at(-1);
  const reserved = (x: number, y: number) =>
    x === 6 ||
    y === 6 ||
    (x < 9 && y < 9) ||
    (x >= size - 8 && y < 9) ||
    (x < 9 && y >= size - 8) ||
    (version >= 7 && ((x < 6 && y >= size - 11) || (y < 6 && x >= size - 11))) ||
    near.some((cy) =>
      near.some(
        (cx) =>
          Math.abs(x - cx) < 3 &&
          Math.abs(y - cy) < 3 &&
          !((cx === 6 && (cy === 6 || cy === last)) || (cx === last && cy === 6)),
      ),
    );
  const bits: number[] = [];
  let up = true;
  for (let x = size - 1; x > 0; x -= 2) {
    if (x === 6) x--;
    for (let step = 0; step < size; step++) {
      const y = up ? size - 1 - step : step;
      for (const column of [x, x - 1])
        if (!reserved(column, y)) bits.push(Number(at(column, y) !== mask?.(column, y)));
    }
    up = !up;
  }
  const words = Array.from({ length: Math.floor(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(i * 8, i * 8 + 8).join(""), 2),
  );

  const blocks = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5][version] ?? 0;
  const checks = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26][version] ?? 0;
  const room = words.length - blocks * checks;
  const rows: number[][] = Array.from({ length: blocks }, () => []);
  const short = Math.floor(room / blocks);
  let taken = 0;
  for (let column = 0; column <= short; column++)
    for (let block = 0; block < blocks; block++)
      if (column < short || block >= blocks - (room % blocks)) rows[block]?.push(words[taken++] ?? 0);
  const data = rows.flat();
  for (let column = 0; column < checks; column++)
    for (let block = 0; block < blocks; block++) rows[block]?.push(words[taken++] ?? 0);
  for (const row of rows) expect(syndromes(row, checks), "the corrections fit the data").toEqual([]);

  const stream = data.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  expect(stream.slice(0, 4), "bytes").toBe("0100");
  const header = version < 10 ? 12 : 20;
  const length = Number.parseInt(stream.slice(4, header), 2);
  const bytes = Array.from({ length }, (_, i) =>
    Number.parseInt(stream.slice(header + i * 8, header + i * 8 + 8), 2),
  );
  return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(bytes));
}

/** The powers of two at which the block is no root, by tables of logarithms. */
function syndromes(block: number[], checks: number): number[] {
  const power: number[] = [];
  for (let i = 0, value = 1; i < 255; i++) {
    power.push(value);
    value = value < 128 ? value * 2 : (value * 2) ^ 0x11d;
  }
  return Array.from({ length: checks }, (_, root) => root).filter(
    (root) =>
      block.reduce((sum, byte, i) => {
        if (byte === 0) return sum;
        return sum ^ (power[(power.indexOf(byte) + root * (block.length - 1 - i)) % 255] ?? 0);
      }, 0) !== 0,
  );
}

test("what is written is read again, in every size", () => {
  const sizes = new Set<number>();
  for (const length of [1, 14, 15, 26, 27, 42, 62, 84, 106, 122, 152, 180, 181, 213]) {
    const text = "https://vuoro.example/join/aB3-_xQ".padEnd(length, "7zK").slice(0, length);
    const modules = qr(text);
    sizes.add(modules.length);
    expect(read(modules)).toBe(text);
  }
  expect([...sizes]).toEqual([21, 25, 29, 33, 37, 41, 45, 49, 53, 57]);
});

test("letters beyond ASCII are read as UTF-8", () => {
  expect(read(qr("Tule mukaan: käänteismentorointi å 🙂"))).toBe("Tule mukaan: käänteismentorointi å 🙂");
});

test("one module that is wrong is noticed by this reader", () => {
  const modules = qr("https://vuoro.example");
  const row = modules[12];
  if (row) row[12] = !row[12];
  expect(() => read(modules)).toThrow();
});

test("what does not fit is refused", () => {
  expect(() => qr("x".repeat(214))).toThrow(RangeError);
});

test("the picture has a square for every dark module", () => {
  const modules = qr("Vuoro");
  const dark = modules.flat().filter(Boolean).length;
  expect(qrPath(modules).match(/M/gu)).toHaveLength(dark);
});

/** By version, 1 to 10: codewords in all, those of a block that correct errors at level M, blocks. */
const SIZES = [
  [26, 10, 1],
  [44, 16, 1],
  [70, 26, 1],
  [100, 18, 2],
  [134, 24, 2],
  [172, 16, 4],
  [196, 18, 4],
  [242, 22, 4],
  [292, 22, 5],
  [346, 26, 5],
] as const;
const FORMAT_MASK = 0b101010000010010;

/** Eight ways to turn modules over, of which the calmest picture is taken. */
export const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** A product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--)
    product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> bit) & 1) * a);
  return product;
}

/** Reed–Solomon: what is left of the data divided by (x − 1)(x − 2)(x − 4)…, `degree` bytes. */
function correction(data: number[], degree: number): number[] {
  const divisor = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) divisor[j] = times(divisor[j] ?? 0, root) ^ (divisor[j + 1] ?? 0);
    root = times(root, 2);
  }
  const rest = Array<number>(degree).fill(0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (let j = 0; j < degree; j++) rest[j] = (rest[j] ?? 0) ^ times(divisor[j] ?? 0, factor);
  }
  return rest;
}

/** Header, bytes and padding, then cut into blocks and laid over each other with their corrections. */
function codewords(bytes: Uint8Array, version: number): number[] {
  const [total, perBlock, blocks] = SIZES[version - 1] ?? SIZES[0];
  const room = total - perBlock * blocks;
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room * 8 - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room * 8; pad ^= 0xec ^ 0x11) put(pad, 8);
  const data = Array.from({ length: room }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
  );
  const short = Math.floor(room / blocks);
  const cut: number[][] = [];
  for (let block = 0, from = 0; block < blocks; block++) {
    const to = from + short + (block >= blocks - (room % blocks) ? 1 : 0);
    cut.push(data.slice(from, to));
    from = to;
  }
  const corrections = cut.map((block) => correction(block, perBlock));
  const laid = (rows: number[][]) =>
    Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, at) =>
      rows.flatMap((row) => (at < row.length ? [row[at] ?? 0] : [])),
    ).flat();
  return [...laid(cut), ...laid(corrections)];
}

/** A value with the remainder of its division behind it (BCH). */
function guarded(value: number, divisor: number, length: number): number {
  let rest = value << length;
  for (let bit = 31 - Math.clz32(rest); bit >= length; bit--)
    if ((rest >> bit) & 1) rest ^= divisor << (bit - length);
  return (value << length) | rest;
}

/** What is not data: finders, timing, alignment, version; `undefined` is left for data. */
function frame(version: number): (boolean | undefined)[][] {
  const size = version * 4 + 17;
  const grid = Array.from({ length: size }, () => Array<boolean | undefined>(size).fill(undefined));
  const set = (x: number, y: number, dark: boolean) => {
    const row = grid[y];
    if (row && x >= 0 && x < size) row[x] = dark;
  };
  const rings = (cx: number, cy: number, reach: number, dark: (ring: number) => boolean) => {
    for (let y = -reach; y <= reach; y++)
      for (let x = -reach; x <= reach; x++) set(cx + x, cy + y, dark(Math.max(Math.abs(x), Math.abs(y))));
  };
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    rings(x, y, 4, (ring) => ring !== 2 && ring !== 4);
  const marks = version < 2 ? [] : version < 7 ? [6, size - 7] : [6, version * 2 + 8, size - 7];
  for (const x of marks)
    for (const y of marks)
      if (!((x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6)))
        rings(x, y, 2, (ring) => ring !== 1);
  formatPlaces(size).forEach(([x, y]) => {
    set(x, y, false);
  });
  set(8, size - 8, true);
  if (version >= 7) {
    const info = guarded(version, 0x1f25, 12);
    for (let bit = 0; bit < 18; bit++) {
      const [near, far] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
      set(near, far, ((info >> bit) & 1) === 1);
      set(far, near, ((info >> bit) & 1) === 1);
    }
  }
  return grid;
}

/** Where the fifteen bits of level and mask stand, lowest first: around the first finder, then at the others. */
function formatPlaces(size: number): [x: number, y: number][] {
  const bits = Array.from({ length: 15 }, (_, bit) => bit);
  return [
    ...bits.map((bit): [number, number] =>
      bit < 8 ? [8, bit < 6 ? bit : bit + 1] : [bit === 8 ? 7 : 14 - bit, 8],
    ),
    ...bits.map((bit): [number, number] => (bit < 8 ? [size - 1 - bit, 8] : [8, size - 15 + bit])),
  ];
}

/** The places of data in their order: up and down in double columns from the right, past the timing. */
function* path(size: number): Generator<[x: number, y: number]> {
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) yield [x, up ? size - 1 - step : step];
  }
}

/** How restless a picture is: runs, squares, what looks like a finder, more dark than light. */
function unrest(grid: boolean[][]): number {
  const size = grid.length;
  const lines = [...grid, ...grid.map((_, x) => grid.map((row) => row[x] ?? false))].map((line) =>
    line.map((dark) => (dark ? "1" : "0")).join(""),
  );
  let sum = 0;
  for (const line of lines) {
    for (const run of line.match(/0{5,}|1{5,}/gu) ?? []) sum += run.length - 2;
    for (let at = 0; at + 11 <= size; at++)
      if (/^(10111010000|00001011101)$/u.test(line.slice(at, at + 11))) sum += 40;
  }
  for (let y = 1; y < size; y++)
    for (let x = 1; x < size; x++) {
      const dark = grid[y]?.[x];
      if (dark === grid[y]?.[x - 1] && dark === grid[y - 1]?.[x] && dark === grid[y - 1]?.[x - 1]) sum += 3;
    }
  const darkShare = grid.flat().filter(Boolean).length / size ** 2;
  return sum + Math.floor(Math.abs(darkShare * 20 - 10)) * 10;
}

/**
 * A text as a QR code of error correction level M: rows of modules, true is dark, without the quiet zone.
 *
 * Throws a RangeError over 213 bytes of UTF-8.
 */
export function qr(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  const version =
    SIZES.findIndex(
      ([total, perBlock, blocks], at) => bytes.length + (at < 9 ? 2 : 3) <= total - perBlock * blocks,
    ) + 1;
  if (version === 0) throw new RangeError("at most 213 bytes fit into a QR code here");
  const words = codewords(bytes, version);
  const empty = frame(version);
  const size = empty.length;
  const data = [...path(size)].filter(([x, y]) => empty[y]?.[x] === undefined);
  const pictures = MASKS.map((mask, number) => {
    const grid = empty.map((row) => row.map((dark) => dark ?? false));
    data.forEach(([x, y], bit) => {
      const dark = (((words[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
      const row = grid[y];
      if (row) row[x] = dark !== mask(x, y);
    });
    const format = guarded(number, 0x537, 10) ^ FORMAT_MASK;
    formatPlaces(size).forEach(([x, y], at) => {
      const row = grid[y];
      if (row) row[x] = ((format >> (at % 15)) & 1) === 1;
    });
    return grid;
  });
  return pictures.reduce((best, next) => (unrest(next) < unrest(best) ? next : best));
}

/** The dark modules as one SVG path, a unit a module. */
export function qrPath(modules: boolean[][]): string {
  return modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
}

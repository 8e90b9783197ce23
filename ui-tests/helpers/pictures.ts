const SIDE = 24;
const HEADER = 54;

/** Returns a bitmap of one color as base64. */
export function bitmapOf(red: number, green: number, blue: number): string {
  const bitmap = Buffer.alloc(HEADER + SIDE * SIDE * 3);
  bitmap.write('BM', 'latin1');
  bitmap.writeUInt32LE(bitmap.length, 2);
  bitmap.writeUInt32LE(HEADER, 10);
  bitmap.writeUInt32LE(40, 14);
  bitmap.writeInt32LE(SIDE, 18);
  bitmap.writeInt32LE(SIDE, 22);
  bitmap.writeUInt16LE(1, 26);
  bitmap.writeUInt16LE(24, 28);
  bitmap.fill(Buffer.from([blue, green, red]), HEADER);
  return bitmap.toString('base64');
}

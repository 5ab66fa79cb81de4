import { crc32, inflateRawSync } from 'node:zlib';
import { UnreadableFile } from './unreadable-file.ts';

const megabyte = 1024 * 1024;
const mostUnpackedBytes = 64 * megabyte;
const mostEntries = 1_000;
/** As many as the rows and columns that are read at the most make up. */
const mostCells = 5_000_000;

/**
 * Looks into a workbook before it is read as a table: what unpacks to many times its size, or has one cell at the far end of
 * its sheet, would take all the memory there is. Returns the same workbook, unpacked, so that what is read is what was looked
 * at and nothing that hides in the archive beside it. Throws UnreadableFile, with what to do about it.
 */
export function checkWorkbook(bytes: Buffer): Buffer {
  let left = mostUnpackedBytes;
  const checked = listEntries(bytes).map(({ name, packed, method, size }) => {
    if (size > left) throw new UnreadableFile(tooLarge);
    left -= size;
    const content = unpack(packed, method, size);
    if (/^xl\/worksheets\/[^/]+\.xml$/i.test(name)) checkExtent(content.toString('latin1'));
    return { name, content };
  });
  return packUnpacked(checked);
}

const broken = 'This spreadsheet could not be read. Save it as .xlsx or as CSV and try again.';
const tooLarge = `This spreadsheet unpacks to more than ${mostUnpackedBytes / megabyte} MB. Save the sheet with the table alone, or as CSV.`;

interface Entry {
  readonly name: string;
  readonly packed: Buffer;
  readonly method: number;
  readonly size: number;
}

/** The files in a zip archive by its directory, which stands at the end. */
function listEntries(bytes: Buffer): Entry[] {
  try {
    const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
    const count = bytes.readUInt16LE(end + 10);
    if (end < 0 || count > mostEntries) throw new UnreadableFile(broken);
    const entries: Entry[] = [];
    let at = bytes.readUInt32LE(end + 16);
    for (let index = 0; index < count; index += 1) {
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
      const packedSize = bytes.readUInt32LE(at + 20);
      const local = bytes.readUInt32LE(at + 42);
      const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      entries.push({
        name: bytes.toString('latin1', at + 46, at + 46 + nameLength!),
        packed: bytes.subarray(from, from + packedSize),
        method: bytes.readUInt16LE(at + 10),
        size: bytes.readUInt32LE(at + 24),
      });
      at += 46 + nameLength! + extraLength! + commentLength!;
    }
    return entries;
  } catch {
    throw new UnreadableFile(broken);
  }
}

function unpack(packed: Buffer, method: number, size: number): Buffer {
  if (method === 0) return packed.subarray(0, size);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new UnreadableFile(broken);
  }
}

/** An archive of files as they are. */
function packUnpacked(files: readonly { readonly name: string; readonly content: Buffer }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of files) {
    const title = Buffer.from(name, 'latin1');
    // Version, flags, method, time, date, checksum, both sizes, lengths of name and extra field.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), facts, place, title);
    parts.push(Buffer.from('PK\u0003\u0004', 'latin1'), facts, title, content);
    offset += 30 + title.length + content.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}

/** The reader makes room for every cell up to the last row and the last column. */
function checkExtent(sheet: string): void {
  let [lastRow, lastColumn, lastName] = [0, 0, ''];
  for (const [, letters = '', digits = ''] of sheet.matchAll(/<(?:\w+:)?c\s[^>]*?\br="([A-Za-z]{1,4})(\d{1,8})"/g)) {
    const row = Number(digits);
    lastRow = Math.max(lastRow, row);
    if (letters === lastName) continue;
    lastName = letters;
    lastColumn = Math.max(lastColumn, columnNumber(letters));
  }
  if (lastRow * lastColumn > mostCells) {
    throw new UnreadableFile(
      'This sheet reaches far beyond its table. Delete the empty rows and columns around it, or save it as CSV.',
    );
  }
}

function columnNumber(letters: string): number {
  return [...letters.toUpperCase()].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
}

import { Long } from 'bson';
import { DatabaseError } from './errors.ts';

const IDLE_MS = 10 * 60 * 1000;
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 64 * 1024;
const FIRST_BATCH = 101;

interface Cursor {
  readonly namespace: string;
  readonly rows: Iterator<Buffer>;
  /** A row that did not fit into the last batch. */
  held: Buffer | null;
  usedAt: number;
}

export interface Batch {
  readonly rows: readonly Buffer[];
  readonly cursorId: Long;
  readonly namespace: string;
}

/** What clients have asked for and not yet read to the end. */
export class Cursors {
  private readonly open = new Map<string, Cursor>();
  private lastId = Long.fromNumber(Date.now()).multiply(1000);

  /** The first rows; the rest is kept under the id that is returned, unless there is none or `isSingle`. */
  start(rows: Iterator<Buffer>, namespace: string, batchSize: number | undefined, isSingle = false): Batch {
    const cursor: Cursor = { namespace, rows, held: null, usedAt: Date.now() };
    const batch = this.read(cursor, batchSize ?? FIRST_BATCH);
    if (batch.isDone || isSingle) {
      rows.return?.();
      return { rows: batch.rows, cursorId: Long.ZERO, namespace };
    }
    this.lastId = this.lastId.add(1);
    this.open.set(this.lastId.toString(), cursor);
    return { rows: batch.rows, cursorId: this.lastId, namespace };
  }

  more(id: Long, batchSize: number | undefined): Batch {
    const cursor = this.open.get(id.toString());
    if (!cursor) throw new DatabaseError('CursorNotFound', `cursor id ${id.toString()} not found`);
    const batch = this.read(cursor, batchSize ?? Number.POSITIVE_INFINITY);
    if (batch.isDone) this.open.delete(id.toString());
    return { rows: batch.rows, cursorId: batch.isDone ? Long.ZERO : id, namespace: cursor.namespace };
  }

  /** True when there was such a cursor. */
  kill(id: Long): boolean {
    this.open.get(id.toString())?.rows.return?.();
    return this.open.delete(id.toString());
  }

  forgetIdle(): void {
    for (const [id, cursor] of this.open) if (Date.now() - cursor.usedAt > IDLE_MS) this.open.delete(id);
  }

  private read(cursor: Cursor, batchSize: number): { rows: Buffer[]; isDone: boolean } {
    cursor.usedAt = Date.now();
    const rows: Buffer[] = [];
    let bytes = 0;
    while (rows.length < batchSize) {
      let row = cursor.held;
      cursor.held = null;
      if (row === null) {
        const next = cursor.rows.next();
        if (next.done) return { rows, isDone: true };
        row = next.value;
      }
      if (rows.length > 0 && bytes + row.length > MAX_BATCH_BYTES) {
        cursor.held = row;
        return { rows, isDone: false };
      }
      bytes += row.length + 16;
      rows.push(row);
    }
    // A batch that ends exactly with the last row closes the cursor, unless the client asked for none.
    if (rows.length > 0) {
      const next = cursor.rows.next();
      if (next.done) return { rows, isDone: true };
      cursor.held = next.value;
    }
    return { rows, isDone: false };
  }
}

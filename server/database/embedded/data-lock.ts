import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Another process uses the data directory. */
export class DataInUse extends Error {
  readonly pid: number;
  constructor(dataDir: string, pid: number) {
    super(
      `The data in ${dataDir} is in use by the process ${pid}. Stop it first, or use a database server: set MONGODB_URI.`,
    );
    this.name = 'DataInUse';
    this.pid = pid;
  }
}

/** The data directory can't be made, or not be written to. */
function unwritable(dataDir: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(
    `The data directory ${dataDir} can’t be written to (${code ?? message}). Let this user write there, or name another directory in WAYMARK_DATA_DIR.`,
    { cause: error },
  );
}

interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's own count; null where the system does not tell. */
  readonly startedAt: string | null;
}

const heldHere = new Set<string>();

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // After the name in brackets, which may hold spaces, the start time is the 20th field.
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return null;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // A number is used again after a restart, in containers at once.
  const now = startOf(pid);
  return startedAt === null || now === null || now === startedAt;
}

function readHolder(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' ? { pid: holder.pid, startedAt: holder.startedAt ?? null } : null;
  } catch {
    return null;
  }
}

/** Takes the data directory for this process, or throws `DataInUse`. Returns what gives it back. */
export function lockDataDir(dataDir: string): () => void {
  const path = resolve(join(dataDir, 'waymark.lock'));
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(dataDir, error);
  }
  if (heldHere.has(path)) throw new DataInUse(dataDir, process.pid);
  const own = `${JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) })}\n`;
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw unwritable(dataDir, error);
      const holder = readHolder(path);
      if (holder && holder.pid !== process.pid && isAlive(holder)) throw new DataInUse(dataDir, holder.pid);
      rmSync(path, { force: true });
    }
  }
  heldHere.add(path);
  return () => {
    heldHere.delete(path);
    rmSync(path, { force: true });
  };
}

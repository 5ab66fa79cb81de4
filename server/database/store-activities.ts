import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { Activity, IsoWeek, RollUp } from '../domain/activity.ts';
import { groupByWeek, mergeRollUp } from '../domain/roll-up.ts';
import { unmergeRollUp, voidInRollUp } from '../domain/unmerge-roll-up.ts';
import { RollUpModel, type StoredRollUp } from './models/roll-up.ts';

/** What one student did in one course, and what of it was taken back. */
export interface StudentActivities {
  readonly courseId: string;
  readonly personId: string;
  readonly timeZone: string;
  readonly activities: readonly Activity[];
  /** Taken out as if they had never come; they may come again. */
  readonly withdrawn?: readonly Activity[] | undefined;
  /** Taken out for good, whether they came before or come later. */
  readonly voided?: readonly Activity[] | undefined;
  /** Objects of what is taken out that other activity touched. */
  readonly keptObjects?: ReadonlySet<string> | undefined;
}

interface Part {
  readonly courseId: string;
  readonly personId: string;
  readonly week: IsoWeek;
  readonly timeZone: string;
  readonly activities: Activity[];
  readonly withdrawn: Activity[];
  readonly voided: Activity[];
  readonly keptObjects: ReadonlySet<string>;
}

const nothingKept: ReadonlySet<string> = new Set();
/** Few enough for what else waits for the database to get its turn in between. */
const partsAtOnce = 100;
const maxTries = 20;

/**
 * Merges activities into the weekly roll-ups of their students, after taking out what was taken back. An event that was merged before, by whichever process,
 * changes nothing; a writer that meets another's merge reads again and merges again. Returns how many events were new.
 */
export async function storeActivities(students: readonly StudentActivities[]): Promise<{ added: number }> {
  const parts = splitByWeek(students);
  let added = 0;
  for (let start = 0; start < parts.length; start += partsAtOnce) {
    added += await mergeParts(parts.slice(start, start + partsAtOnce));
  }
  return { added };
}

function splitByWeek(students: readonly StudentActivities[]): Part[] {
  const parts = new Map<string, Part>();
  for (const student of students) {
    const { courseId, personId, timeZone, keptObjects = nothingKept } = student;
    for (const list of ['activities', 'withdrawn', 'voided'] as const) {
      for (const [week, group] of groupByWeek(student[list] ?? [], timeZone)) {
        const key = partKey(courseId, personId, week);
        const part: Part = parts.get(key) ?? {
          courseId,
          personId,
          week,
          timeZone,
          activities: [],
          withdrawn: [],
          voided: [],
          keptObjects,
        };
        part[list].push(...group);
        parts.set(key, part);
      }
    }
  }
  return [...parts.values()];
}

/** The roll-up with what a part brings, the very same object where that is nothing new; undefined where there is still none. */
function applyPart(before: RollUp | undefined, part: Part): { rollUp: RollUp | undefined; added: number } {
  const { activities, withdrawn, voided, timeZone } = part;
  let rollUp = before;
  const keeps = () => keptOf(rollUp, part.keptObjects);
  if (rollUp && withdrawn.length > 0) rollUp = unmergeRollUp(rollUp, withdrawn, timeZone, keeps());
  if (voided.length > 0) rollUp = voidInRollUp(rollUp, voided, timeZone, keeps());
  return activities.length === 0 ? { rollUp, added: 0 } : mergeRollUp(rollUp, activities, timeZone);
}

/** What the platform's services told of is in no list of events: which objects it touched can't be said, so all stay. */
function keptOf(rollUp: RollUp | undefined, kept: ReadonlySet<string>): ReadonlySet<string> {
  return rollUp?.days.some(({ source }) => source === 'moodle') ? new Set([...kept, ...rollUp.objects]) : kept;
}

async function mergeParts(parts: readonly Part[]): Promise<number> {
  let pending = parts;
  let added = 0;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > maxTries) throw new Error('Roll-ups could not be merged: other writers were always faster.');
    if (attempt > 1) await sleep(Math.random() * 20 * attempt);
    const stored = await readRollUps(pending);
    const changes = pending.flatMap((part) => {
      const before = stored.get(partKey(part.courseId, part.personId, part.week));
      const plainBefore = before && plain(before);
      const { rollUp, added: addedHere } = applyPart(plainBefore, part);
      return rollUp === plainBefore || !rollUp ? [] : [{ part, before, rollUp, added: addedHere }];
    });
    const lost = await writeRollUps(changes);
    added += changes.reduce((sum, change, index) => (lost.has(index) ? sum : sum + change.added), 0);
    pending = changes.flatMap(({ part }, index) => (lost.has(index) ? [part] : []));
  }
  return added;
}

async function readRollUps(parts: readonly Part[]): Promise<Map<string, StoredRollUp>> {
  const byCourse = new Map<string, Part[]>();
  for (const part of parts) {
    const own = byCourse.get(part.courseId);
    if (own) own.push(part);
    else byCourse.set(part.courseId, [part]);
  }
  const found = await Promise.all(
    [...byCourse].map(([courseId, own]) =>
      RollUpModel.collection
        .find<StoredRollUp>({
          courseId: new mongoose.Types.ObjectId(courseId),
          personId: {
            $in: [...new Set(own.map(({ personId }) => personId))].map((id) => new mongoose.Types.ObjectId(id)),
          },
          week: { $in: [...new Set(own.map(({ week }) => week))] },
        })
        .toArray(),
    ),
  );
  return new Map(
    found
      .flat()
      .map((rollUp) => [partKey(rollUp.courseId.toHexString(), rollUp.personId.toHexString(), rollUp.week), rollUp]),
  );
}

interface Change {
  readonly part: Part;
  readonly before: StoredRollUp | undefined;
  readonly rollUp: RollUp;
}

/** Returns which of the changes (by position) met another writer and were not stored. */
async function writeRollUps(changes: readonly Change[]): Promise<Set<number>> {
  if (changes.length === 0) return new Set();
  const lost = new Set<number>();
  const inserts = changes.flatMap((change, index) => (change.before ? [] : [{ change, index }]));
  const updates = changes.flatMap((change, index) => (change.before ? [{ change, index }] : []));
  await Promise.all([insertNew(inserts, lost), updateKnown(updates, lost)]);
  return lost;
}

async function insertNew(inserts: readonly { change: Change; index: number }[], lost: Set<number>): Promise<void> {
  if (inserts.length === 0) return;
  try {
    await RollUpModel.collection.insertMany(
      inserts.map(({ change: { part, rollUp } }) => ({
        courseId: new mongoose.Types.ObjectId(part.courseId),
        personId: new mongoose.Types.ObjectId(part.personId),
        ...rollUp,
        rev: 0,
      })),
      { ordered: false },
    );
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
    for (const { code, index } of [error.writeErrors].flat()) {
      if (code !== 11_000) throw error;
      lost.add(inserts[index]!.index);
    }
  }
}

async function updateKnown(updates: readonly { change: Change; index: number }[], lost: Set<number>): Promise<void> {
  if (updates.length === 0) return;
  const reply = await RollUpModel.collection.bulkWrite(
    updates.map(({ change: { before, rollUp } }) => ({
      updateOne: { filter: { _id: before!._id, rev: before!.rev }, update: { $set: rollUp, $inc: { rev: 1 } } },
    })),
    { ordered: false },
  );
  if (reply.matchedCount === updates.length) return;
  // The reply says how many met another writer, not which: all of them are read and merged again, which is harmless.
  for (const { index } of updates) lost.add(index);
}

function plain({ week, days, objects, seen, voided }: StoredRollUp): RollUp {
  return { week, days, objects, seen, ...(voided && { voided }) };
}

function partKey(courseId: string, personId: string, week: string): string {
  return `${courseId} ${personId} ${week}`;
}

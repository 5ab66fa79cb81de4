import { randomUUID } from 'node:crypto';
import { CourseModel } from '../database/models/course.ts';
import { IntakeStateModel, type IntakeState } from '../database/models/intake-state.ts';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { storeActivities, type StudentActivities } from '../database/store-activities.ts';
import type { Activity } from '../domain/activity.ts';
import { toActivity } from './raw-activity.ts';

export interface Merger {
  /**
   * Before raw events are stored: makes sure that, were this process killed, another would merge them. Returns what to call
   * when they are stored, with their activities, or with none where storing failed.
   */
  announce(expiresFrom: Date): Promise<(students: readonly StudentActivities[]) => void>;
  /** Resolves when there is room for more; what waits must not fill the memory. */
  hasRoom(): Promise<void>;
  /** Resolves when everything that was stored is merged. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const mostWaiting = 20_000;
const deadAfterMs = 5_000;

/**
 * Merges activities into roll-ups some moments after their raw events were stored, so that a student's roll-up is written
 * once for all that arrived meanwhile. The raw events are the proof: what a killed process had not merged is merged from
 * them by the next that looks, and an event that was merged already changes nothing.
 */
export function createMerger({ everyMs }: { everyMs: number }): Merger {
  const id = randomUUID();
  let waiting = new Map<string, { courseId: string; personId: string; timeZone: string; activities: Activity[] }>();
  let waitingCount = 0;
  let merging: Promise<void> | undefined;
  let isStopped = false;

  // From where on something may be missing: one entry for each delivery that is stored and not merged.
  const missing = new Set<{ readonly from: Date }>();
  let waitingEntries: { readonly from: Date }[] = [];
  let said: number | null = null;
  let saying: Promise<void> = Promise.resolve();

  /** Writes what is true at the moment of writing; one after the other, so that a later truth is never overwritten. */
  function say(): Promise<void> {
    saying = saying
      .catch(() => undefined)
      .then(async () => {
        const from = missing.size === 0 ? null : Math.min(...[...missing].map((entry) => entry.from.getTime()));
        const state = { expiresFrom: from === null ? null : new Date(from), aliveAt: new Date() };
        await IntakeStateModel.updateOne({ _id: id }, { $set: state }, { upsert: true });
        said = from;
      });
    return saying;
  }

  async function mergeWaiting(): Promise<void> {
    if (waitingEntries.length === 0) return;
    const [taken, entries] = [waiting, waitingEntries];
    waiting = new Map();
    waitingCount = 0;
    waitingEntries = [];
    try {
      await storeActivities([...taken.values()]);
    } catch (error) {
      keep([...taken.values()], entries);
      throw error;
    }
    for (const entry of entries) missing.delete(entry);
    await say();
  }

  function merge(): Promise<void> {
    merging ??= mergeWaiting().finally(() => (merging = undefined));
    return merging;
  }

  function keep(students: readonly StudentActivities[], entries: readonly { readonly from: Date }[]): void {
    for (const { courseId, personId, timeZone, activities } of students) {
      const key = `${courseId} ${personId}`;
      const known = waiting.get(key);
      if (known) known.activities.push(...activities);
      else waiting.set(key, { courseId, personId, timeZone, activities: [...activities] });
      waitingCount += activities.length;
    }
    waitingEntries.push(...entries);
  }

  // A failure is seen again at the next turn, and by senders as soon as there is no room left.
  const ignore = () => undefined;
  const timer = setInterval(() => void merge().catch(ignore), everyMs).unref();
  const watch = setInterval(() => {
    void recoverDead(id).catch(ignore);
    if (missing.size > 0) void say().catch(ignore);
  }, deadAfterMs / 4).unref();

  return {
    async announce(expiresFrom) {
      const entry = { from: expiresFrom };
      missing.add(entry);
      if (said === null || said > expiresFrom.getTime()) await say();
      return (students) => keep(students, [entry]);
    },
    async hasRoom() {
      while (waitingCount >= mostWaiting && !isStopped) await merge();
    },
    async flush() {
      await merging;
      await merge();
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      clearInterval(watch);
      await merging;
      await merge();
      await saying;
      if (missing.size === 0) await IntakeStateModel.deleteOne({ _id: id });
    },
  };
}

/** Merges what processes that died had stored but not merged. Two that do so at once do no harm. */
async function recoverDead(ownId: string): Promise<void> {
  const dead = await IntakeStateModel.find({
    _id: { $ne: ownId },
    aliveAt: { $lt: new Date(Date.now() - deadAfterMs) },
  }).lean<IntakeState[]>();
  for (const { _id, expiresFrom, aliveAt } of dead) {
    if (expiresFrom) await mergeFrom(expiresFrom);
    await IntakeStateModel.deleteOne({ _id, aliveAt });
  }
}

const eventsAtOnce = 2_000;

async function mergeFrom(expiresFrom: Date): Promise<void> {
  const zones = new Map<string, string>();
  let batch: RawEvent[] = [];
  const mergeBatch = async () => {
    const students: StudentActivities[] = [];
    for (const event of batch) {
      const activity = toActivity(event);
      if (!activity || !event.courseId || !event.personId) continue;
      const courseId = event.courseId.toHexString();
      let timeZone = zones.get(courseId);
      if (timeZone === undefined) {
        timeZone = (await CourseModel.findById(courseId, { calendar: 1 }).lean())?.calendar.timeZone ?? 'UTC';
        zones.set(courseId, timeZone);
      }
      students.push({ courseId, personId: event.personId.toHexString(), timeZone, activities: [activity] });
    }
    batch = [];
    await storeActivities(students);
  };
  const events = RawEventModel.collection.find<RawEvent>({
    expiresAt: { $gte: expiresFrom },
    personId: { $type: 'objectId' },
  });
  for await (const event of events) {
    batch.push(event);
    if (batch.length >= eventsAtOnce) await mergeBatch();
  }
  await mergeBatch();
}

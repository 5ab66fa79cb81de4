import { touchCourse } from '../database/models/course-state.ts';
import { FeedModel, type Feed } from '../database/models/feed.ts';
import { FreshnessModel } from '../database/models/freshness.ts';
import type { SourceTopic } from '../domain/facts.ts';
import type { Counts, Delivery, Received } from './delivery.ts';

export interface FeedCounts {
  add(feed: Feed, received: Received, delivery: Delivery): void;
  /** Resolves when everything that was added before is written. */
  flush(): Promise<void>;
}

const countEveryMs = 2_000;

interface CourseCount extends Counts {
  readonly topics: Set<SourceTopic>;
}
interface FeedCount extends Counts {
  readonly feed: Feed;
  readonly courses: Map<string, CourseCount>;
}

/**
 * Counts of feeds and the freshness of their courses, which are told and never computed with: written every few seconds, not
 * with every batch. What could not be written is kept for the next time.
 */
export function createFeedCounts(now: () => Date): FeedCounts {
  let pending = new Map<string, FeedCount>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.catch(() => undefined).then(writePending);
    return writing;
  }

  async function writePending(): Promise<void> {
    const counted = pending;
    pending = new Map();
    const at = now();
    const failures: unknown[] = [];
    for (const count of counted.values()) {
      await writeCount(count, at).catch((error: unknown) => {
        failures.push(error);
        keep(count);
      });
    }
    if (failures.length > 0) throw failures[0];
  }

  function keep(count: FeedCount): void {
    const id = count.feed._id.toHexString();
    const known: FeedCount = pending.get(id) ?? { feed: count.feed, ...noCounts(), courses: new Map() };
    pending.set(id, known);
    addCounts(known, count);
    for (const [courseId, own] of count.courses) {
      const course: CourseCount = known.courses.get(courseId) ?? { ...noCounts(), topics: new Set() };
      known.courses.set(courseId, course);
      addCounts(course, own);
      for (const topic of own.topics) course.topics.add(topic);
    }
    timer ??= setTimeout(() => void flush().catch(() => undefined), countEveryMs).unref();
  }

  return {
    flush,
    add(feed, received, delivery) {
      const topics = topicsOf(delivery);
      const courses = new Map([...received.courses].map(([courseId, counts]) => [courseId, { ...counts, topics }]));
      keep({ ...received, feed, courses });
    },
  };
}

const noCounts = (): Counts => ({ received: 0, stored: 0, dropped: new Map() });

function addCounts(to: Counts, { received, stored, dropped }: Readonly<Counts>): void {
  to.received += received;
  to.stored += stored;
  for (const [reason, number] of dropped) to.dropped.set(reason, (to.dropped.get(reason) ?? 0) + number);
}

function topicsOf({ events }: Delivery): Set<SourceTopic> {
  const topics = new Set<SourceTopic>();
  for (const { activity, session, recording } of events) {
    if (session) topics.add('attendance');
    else if (recording) topics.add('lecture-capture');
    else if (activity) topics.add('presence');
  }
  return topics;
}

/** Leaves in `count` what is not written yet. */
async function writeCount(count: FeedCount, at: Date): Promise<void> {
  const { feed, received, stored, dropped, courses } = count;
  await FeedModel.updateOne(
    { _id: feed._id },
    { $set: { lastReceivedAt: at }, $inc: { received, stored, ...namedUnder('dropped', dropped) } },
  );
  Object.assign(count, noCounts());
  for (const [courseId, own] of courses) {
    await FreshnessModel.updateOne(
      { courseId, source: feed.kind },
      {
        $set: { triedAt: at, okAt: at, failedBecause: null },
        $addToSet: { speaksOf: { $each: [...own.topics] } },
        $inc: {
          'counts.read': own.received,
          'counts.stored': own.stored,
          ...namedUnder('counts.dropped', own.dropped),
        },
        $setOnInsert: { notes: [], gaps: [], topics: {}, ...(own.dropped.size === 0 && { 'counts.dropped': {} }) },
      },
      { upsert: true },
    );
    Object.assign(own, noCounts());
    await touchCourse(courseId, at);
    courses.delete(courseId);
  }
}

function namedUnder(path: string, dropped: Counts['dropped']): Record<string, number> {
  return Object.fromEntries([...dropped].map(([reason, number]) => [`${path}.${reason}`, number]));
}

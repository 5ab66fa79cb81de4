import { FeedModel, type Feed } from '../database/models/feed.ts';
import { FreshnessModel } from '../database/models/freshness.ts';
import { touchCourse } from '../database/models/course-state.ts';
import type { SourceTopic } from '../domain/facts.ts';
import { createMerger } from './merger.ts';
import { createPeopleIndex } from './people-index.ts';
import { receiveDeliveries, type Delivery, type Received } from './receive-events.ts';

export interface Intake {
  /** Resolves when everything is stored and rolled up. Rejects with Conflict, or with what the database throws. */
  receive(feed: Feed, events: Delivery['events']): Promise<Received>;
  /** Writes what is still only in memory: roll-ups that wait to be merged, and counts. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export interface IntakeOptions {
  readonly now: () => Date;
  /** How long raw events are kept. */
  readonly keptDays: number;
  /** How long roll-ups may wait to be merged; 0: they are merged before the sender is answered. */
  readonly mergeEveryMs?: number | undefined;
}

interface Waiting {
  readonly feed: Feed;
  readonly delivery: Delivery;
  readonly resolve: (received: Received) => void;
  readonly reject: (reason: unknown) => void;
}

const mostEventsAtOnce = 2_000;
const countEveryMs = 2_000;

/**
 * Takes events in from all senders of this process. A student's roll-up is written once for all that arrived in the same
 * moment, so that senders do not get into each other's way.
 */
export function createIntake({ now, keptDays, mergeEveryMs = 1_000 }: IntakeOptions): Intake {
  const merger = mergeEveryMs > 0 ? createMerger({ everyMs: mergeEveryMs }) : undefined;
  const people = createPeopleIndex();
  const counts = createCounts(now);
  const queue: Waiting[] = [];
  // Roll-ups that are merged at once must not be merged by two at a time; raw events may be written side by side.
  const mostWriters = merger ? 4 : 1;
  const mostEvents = merger ? 0 : mostEventsAtOnce;
  let writers = 0;

  async function drain(): Promise<void> {
    if (writers >= mostWriters) return;
    writers += 1;
    while (queue.length > 0) {
      const group = takeGroup(queue, mostEvents);
      try {
        await merger?.hasRoom();
        const options = { people, now: now(), keptDays, merger };
        const results = await receiveDeliveries(
          group.map(({ delivery }) => delivery),
          options,
        );
        for (const [index, result] of results.entries()) {
          const { feed, delivery, resolve, reject } = group[index]!;
          if (result.status === 'rejected') reject(result.reason);
          else {
            counts.add(feed, result.value, delivery);
            resolve(result.value);
          }
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    writers -= 1;
  }

  return {
    receive: (feed, events) =>
      new Promise((resolve, reject) => {
        const delivery = { platformId: feed.platformId.toHexString(), source: feed.kind, events };
        queue.push({ feed, delivery, resolve, reject });
        void drain();
      }),
    async flush() {
      await merger?.flush();
      await counts.flush();
    },
    async stop() {
      await merger?.stop();
      await counts.flush();
    },
  };
}

/** The next delivery, with as many after it as make up `most` events together. */
function takeGroup(queue: Waiting[], most: number): Waiting[] {
  let events = 0;
  let length = 0;
  for (const { delivery } of queue) {
    if (length > 0 && events + delivery.events.length > most) break;
    events += delivery.events.length;
    length += 1;
  }
  return queue.splice(0, length);
}

interface FeedCount {
  feed: Feed;
  received: number;
  stored: number;
  dropped: Map<string, number>;
  courses: Map<string, Set<SourceTopic>>;
}

/** Counts and freshness are written every few seconds, not with every batch; they are told, never computed with. */
function createCounts(now: () => Date) {
  let pending = new Map<string, FeedCount>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const counted = pending;
    pending = new Map();
    const at = now();
    for (const count of counted.values()) await writeCount(count, at);
  }

  return {
    flush,
    add(feed: Feed, received: Received, delivery: Delivery): void {
      const id = feed._id.toHexString();
      const count: FeedCount = pending.get(id) ?? {
        feed,
        received: 0,
        stored: 0,
        dropped: new Map(),
        courses: new Map(),
      };
      pending.set(id, count);
      count.received += received.received;
      count.stored += received.stored;
      for (const [reason, number] of Object.entries(received.dropped)) {
        count.dropped.set(reason, (count.dropped.get(reason) ?? 0) + number);
      }
      const topics = topicsOf(delivery);
      for (const courseId of received.courseIds) {
        const known: Set<SourceTopic> = count.courses.get(courseId) ?? new Set();
        for (const topic of topics) known.add(topic);
        count.courses.set(courseId, known);
      }
      timer ??= setTimeout(() => void flush().catch(() => undefined), countEveryMs).unref();
    },
  };
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

async function writeCount({ feed, received, stored, dropped, courses }: FeedCount, at: Date): Promise<void> {
  await FeedModel.updateOne(
    { _id: feed._id },
    {
      $set: { lastReceivedAt: at },
      $inc: {
        received,
        stored,
        ...Object.fromEntries([...dropped].map(([reason, number]) => [`dropped.${reason}`, number])),
      },
    },
  );
  for (const [courseId, topics] of courses) {
    await FreshnessModel.updateOne(
      { courseId, source: feed.kind },
      {
        $set: { triedAt: at, okAt: at, failedBecause: null },
        $addToSet: { speaksOf: { $each: [...topics] } },
        $setOnInsert: { notes: [], gaps: [], topics: {}, counts: { read: 0, stored: 0, dropped: {} } },
      },
      { upsert: true },
    );
    await touchCourse(courseId, at);
  }
}

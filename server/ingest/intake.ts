import type { Feed } from '../database/models/feed.ts';
import { createFeedCounts } from './feed-counts.ts';
import { createMerger } from './merger.ts';
import { createPeopleIndex } from './people-index.ts';
import type { Delivery, Received } from './delivery.ts';
import { receiveDeliveries } from './receive-events.ts';

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
  /** How long events wait for their person; absent: as long as others are kept. */
  readonly unmatchedDays?: number | undefined;
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
const mostRawAtOnce = 1_000;

/**
 * Takes events in from all senders of this process. A student's roll-up is written once for all that arrived in the same
 * moment, so that senders do not get into each other's way.
 */
export function createIntake({ now, keptDays, unmatchedDays, mergeEveryMs = 2_000 }: IntakeOptions): Intake {
  const merger = mergeEveryMs > 0 ? createMerger({ everyMs: mergeEveryMs }) : undefined;
  const people = createPeopleIndex();
  const counts = createFeedCounts(now);
  const queue: Waiting[] = [];
  // Roll-ups that are merged at once must not be merged by two at a time; raw events may be written side by side.
  // Few of them: what arrives meanwhile goes to the database together, which costs it less than one by one.
  const mostWriters = merger ? 2 : 1;
  const mostEvents = merger ? mostRawAtOnce : mostEventsAtOnce;
  let writers = 0;

  async function drain(): Promise<void> {
    if (writers >= mostWriters) return;
    writers += 1;
    while (queue.length > 0) {
      const group = takeGroup(queue, mostEvents);
      try {
        await merger?.hasRoom();
        const options = { people, now: now(), keptDays, unmatchedDays, merger };
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

import { FreshnessModel, type Freshness } from '../database/models/freshness.ts';
import type { SourceTopic } from '../domain/facts.ts';
import type { SourceId } from '../domain/vocabulary.ts';

/** Notes that a source was read. `topics` tells those apart that fared differently from the rest. */
export async function noteSuccess(
  courseId: string,
  source: SourceId,
  at: Date,
  read: Pick<Freshness, 'speaksOf'> & Partial<Pick<Freshness, 'topics' | 'notes' | 'counts' | 'isStandIn'>>,
): Promise<void> {
  const { speaksOf, topics = {}, notes = [], isStandIn = false, counts = { read: 0, stored: 0, dropped: {} } } = read;
  await FreshnessModel.updateOne(
    { courseId, source },
    {
      $set: { speaksOf, triedAt: at, okAt: at, failedBecause: null, topics, notes, isStandIn, counts },
      $min: { firstOkAt: at },
    },
    { upsert: true },
  );
}

/** Notes that a source could not be read; what was last read stays, with its age. */
export async function noteFailure(
  courseId: string,
  source: SourceId,
  at: Date,
  because: string,
  speaksOf: readonly SourceTopic[],
): Promise<void> {
  await FreshnessModel.updateOne(
    { courseId, source },
    {
      $set: { triedAt: at, failedBecause: because },
      // A source that was never read still counts as one that should speak.
      $setOnInsert: { speaksOf, notes: [], gaps: [], topics: {}, counts: { read: 0, stored: 0, dropped: {} } },
    },
    { upsert: true },
  );
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import mongoose, { Schema } from 'mongoose';
import type { AccountNames, DropReason } from '../../domain/vocabulary.ts';

export const feedKinds = ['xapi', 'caliper'] as const;
export type FeedKind = (typeof feedKinds)[number];

/**
 * The credential of one system that sends events for one platform. Who may read it: the feed endpoints; the administration
 * page without its hash. Retention: until an administrator removes it; a disabled one lets nothing in.
 */
export interface Feed {
  _id: mongoose.Types.ObjectId;
  platformId: mongoose.Types.ObjectId;
  kind: FeedKind;
  name: string;
  /** Public half: the user name of basic authentication, the first part of a bearer token. */
  key: string;
  /** SHA-256 of the secret half, which has 256 bits of chance and needs no slow hash. */
  secretHash: string;
  isActive: boolean;
  /** Account home pages besides the platform's own that this feed may speak of, and what a name means there. */
  homes: { homePage: string; names: AccountNames }[];
  createdAt: Date;
  lastReceivedAt?: Date;
  received: number;
  stored: number;
  /** Why events told nothing, and how many. */
  dropped: Partial<Record<DropReason, number>>;
}

const feedSchema = new Schema<Feed>(
  {
    platformId: { type: Schema.Types.ObjectId, required: true },
    kind: { type: String, enum: feedKinds, required: true },
    name: { type: String, required: true },
    key: { type: String, required: true },
    secretHash: { type: String, required: true },
    isActive: { type: Boolean, default: true },
    homes: { type: [{ _id: false, homePage: String, names: String }], default: [] },
    createdAt: { type: Date, required: true },
    lastReceivedAt: Date,
    received: { type: Number, default: 0 },
    stored: { type: Number, default: 0 },
    dropped: { type: Schema.Types.Mixed, default: {} },
  },
  { collection: 'feeds', minimize: false },
);
feedSchema.index({ key: 1 }, { unique: true });
feedSchema.index({ platformId: 1 });

let writes = 0;
feedSchema.post(['save', 'updateOne', 'updateMany', 'findOneAndUpdate', 'deleteOne', 'deleteMany'], () => {
  writes += 1;
});

/** Grows with every write of a credential by this process: what keeps one for a moment must not keep it past that. */
export function countFeedWrites(): number {
  return writes;
}

export const FeedModel = mongoose.model('Feed', feedSchema);

/** Makes a credential. The secret is returned this once and can't be read again. */
export async function createFeed(
  feed: Pick<Feed, 'kind' | 'name'> & { platformId: string; homes?: Feed['homes'] },
  now: Date,
): Promise<{ feedId: string; key: string; secret: string; bearerToken: string }> {
  const key = randomBytes(9).toString('base64url');
  const secret = randomBytes(32).toString('base64url');
  const { id } = await FeedModel.create({
    ...feed,
    homes: feed.homes ?? [],
    key,
    secretHash: hashSecret(secret),
    createdAt: now,
  });
  return { feedId: id, key, secret, bearerToken: `${key}.${secret}` };
}

/** The active feed with this key, without mongoose's own work on queries: it is asked for by every batch. */
export function readFeed(kind: FeedKind, key: string): Promise<Feed | null> {
  return FeedModel.collection.findOne<Feed>({ key, kind, isActive: true });
}

/** Whether a secret is the feed's. Compared even where there is no feed, so that both answers take the same time. */
export function isSecretOf(feed: Feed | null, secret: string): feed is Feed {
  const given = Buffer.from(hashSecret(secret));
  const isRight = timingSafeEqual(given, Buffer.from(feed?.secretHash ?? hashSecret('')));
  return feed !== null && isRight;
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

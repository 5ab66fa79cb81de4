import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import mongoose, { Schema } from 'mongoose';

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
  homes: { homePage: string; names: 'sub' | 'username' | 'email' | 'sourcedId' }[];
  createdAt: Date;
  lastReceivedAt?: Date;
  received: number;
  stored: number;
  /** Why events told nothing, and how many. */
  dropped: Record<string, number>;
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

/** The active feed of a credential; null where key or secret are wrong, whichever it is. */
export async function findFeed(kind: FeedKind, key: string, secret: string): Promise<Feed | null> {
  const feed = await FeedModel.findOne({ key, kind, isActive: true }).lean<Feed>();
  const given = Buffer.from(hashSecret(secret));
  // Compared even where there is no feed, so that both answers take the same time.
  const isRight = timingSafeEqual(given, Buffer.from(feed?.secretHash ?? hashSecret('')));
  return feed && isRight ? feed : null;
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

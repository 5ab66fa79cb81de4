import mongoose, { Schema } from 'mongoose';
import { SealBroken, type Vault } from '../vault.ts';

/**
 * A platform registration. Who may read it: `lti/`, `sources/` and the administration page (without sealed values).
 * Retention: until an administrator removes it. Keyed by issuer and client id: several registrations of one platform may stand
 * side by side.
 */
export interface Platform {
  _id: mongoose.Types.ObjectId;
  name: string;
  issuer: string;
  clientId: string;
  authenticationEndpoint: string;
  tokenEndpoint: string;
  /** What the platform expects as audience of our client assertion; the token endpoint where absent. */
  tokenAudience?: string;
  jwksUri: string;
  /** Ids of the deployments that may launch. Empty: none was told yet, and the first launch's is taken (and shown). */
  deploymentIds: string[];
  isActive: boolean;
  /** `moodle`, `canvas`, … as the platform said at registration or launch. */
  productFamily?: string;
  scopes: string[];
  /** Origins beyond the endpoints' own that verified launches came from: they may frame Waymark and serve its calls. */
  learnedOrigins: string[];
  moodle?: MoodleConnection;
  createdAt: Date;
  updatedAt: Date;
}

export interface MoodleConnection {
  /** The site's address, without a slash at the end. */
  baseUrl: string;
  /** Sealed as `moodleTokenSeal` says. */
  sealedToken: string;
  testedAt?: Date;
  /** What the token may call, and what went wrong when it was last tried. */
  functions: string[];
  problem?: string;
}

const moodleSchema = new Schema<MoodleConnection>(
  {
    baseUrl: { type: String, required: true },
    sealedToken: { type: String, required: true },
    testedAt: Date,
    functions: { type: [String], default: [] },
    problem: String,
  },
  { _id: false },
);

const platformSchema = new Schema<Platform>(
  {
    name: { type: String, required: true },
    issuer: { type: String, required: true },
    clientId: { type: String, required: true },
    authenticationEndpoint: { type: String, required: true },
    tokenEndpoint: { type: String, required: true },
    tokenAudience: String,
    jwksUri: { type: String, required: true },
    deploymentIds: { type: [String], default: [] },
    isActive: { type: Boolean, default: true },
    productFamily: String,
    scopes: { type: [String], default: [] },
    learnedOrigins: { type: [String], default: [] },
    moodle: moodleSchema,
  },
  { timestamps: true, collection: 'platforms' },
);
platformSchema.index({ issuer: 1, clientId: 1 }, { unique: true });

let writes = 0;
platformSchema.post(['save', 'updateOne', 'updateMany', 'findOneAndUpdate', 'deleteOne', 'deleteMany'], () => {
  writes += 1;
});

/** Grows with every write of a registration by this process: what keeps one for a moment must not keep it past that. */
export function countPlatformWrites(): number {
  return writes;
}

export const PlatformModel = mongoose.model('Platform', platformSchema);

/** What a platform's Moodle token is bound to, so that it opens in no other record. */
export function moodleTokenSeal({ _id }: Pick<Platform, '_id'>): string {
  return `platform:${_id.toHexString()}:moodle`;
}

/** The token to ask a platform's Moodle with; undefined where it has none that any of the vault's keys opens. */
export function openMoodleToken(platform: Platform, vault: Vault): string | undefined {
  if (!platform.moodle) return undefined;
  try {
    return vault.open(platform.moodle.sealedToken, moodleTokenSeal(platform));
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

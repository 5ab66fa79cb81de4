import { z } from 'zod';
import { isId } from '../database/connect.ts';
import { PlatformModel, type Platform } from '../database/models/platform.ts';
import { endSessions } from '../database/models/session.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';

/** Adding and changing registrations: the same for the administration page, the command line and dynamic registration. */

export interface NewRegistration {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authenticationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly tokenAudience?: string | undefined;
  readonly deploymentIds: readonly string[];
  readonly productFamily?: string | undefined;
  readonly scopes: readonly string[];
}

const addressFields = ['issuer', 'authenticationEndpoint', 'tokenEndpoint', 'jwksUri'] as const;

/**
 * Stores a registration. Throws InvalidInput for an address that may not be registered (`objectionTo` says why) and Conflict
 * where this issuer and client id are registered already.
 */
export async function addRegistration(
  given: NewRegistration,
  objectionTo: (url: string) => string | undefined,
): Promise<Platform> {
  checkAddresses(given, objectionTo);
  try {
    const { deploymentIds, scopes, ...rest } = given;
    const created = await PlatformModel.create({
      ...rest,
      deploymentIds: [...new Set(deploymentIds)],
      scopes: [...scopes],
    });
    return created.toObject();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 11000) {
      throw new Conflict('This issuer and client id are registered already.');
    }
    throw error;
  }
}

/**
 * Stores a registration, or brings the one of this issuer and client id up to date with what the platform says now: addresses and
 * scopes. What people decided stays: its name, whether it is switched on, the deployments that may launch, the connected
 * services. Throws InvalidInput like `addRegistration`.
 */
export async function addOrUpdateRegistration(
  given: NewRegistration,
  objectionTo: (url: string) => string | undefined,
): Promise<{ platform: Platform; isNew: boolean }> {
  checkAddresses(given, objectionTo);
  const { issuer, clientId, name: _kept, deploymentIds, tokenAudience, productFamily, scopes, ...addresses } = given;
  const platform = await PlatformModel.findOneAndUpdate(
    { issuer, clientId },
    {
      $set: {
        ...addresses,
        scopes: [...scopes],
        ...(productFamily !== undefined && { productFamily }),
        ...(tokenAudience !== undefined && { tokenAudience }),
      },
      $addToSet: { deploymentIds: { $each: [...deploymentIds] } },
      ...(tokenAudience === undefined && { $unset: { tokenAudience: 1 } }),
    },
    { returnDocument: 'after' },
  ).lean<Platform>();
  return platform ? { platform, isNew: false } : { platform: await addRegistration(given, objectionTo), isNew: true };
}

function checkAddresses(given: NewRegistration, objectionTo: (url: string) => string | undefined): void {
  const fields = Object.fromEntries(
    addressFields.flatMap((field) => {
      const objection = objectionTo(given[field]);
      return objection === undefined ? [] : [[field, objection]];
    }),
  );
  if (Object.keys(fields).length > 0) throw new InvalidInput(fields);
}

/** Switches a registration on or off. Off ends every session that came from it, at once. Throws NotFound. */
export async function setRegistrationActive(id: string, isActive: boolean, now: Date): Promise<void> {
  const found = isId(id) && (await PlatformModel.updateOne({ _id: id }, { $set: { isActive } })).matchedCount > 0;
  if (!found) throw new NotFound();
  if (!isActive) await endSessions({ platformId: id }, now);
}

/** Lets a deployment launch. Adding one twice is harmless. Throws NotFound. */
export async function addDeployment(id: string, deploymentId: string): Promise<void> {
  await change(id, { $addToSet: { deploymentIds: deploymentId } });
}

/** Throws NotFound, and InvalidInput for the last one: an empty list would let the next launch choose. */
export async function removeDeployment(id: string, deploymentId: string): Promise<void> {
  const platform = isId(id) ? await PlatformModel.findById(id).lean<Platform>() : null;
  if (!platform?.deploymentIds.includes(deploymentId)) throw new NotFound();
  if (platform.deploymentIds.length === 1) {
    throw new InvalidInput({ deploymentId: 'is the last one; switch the registration off instead' });
  }
  await change(id, { $pull: { deploymentIds: deploymentId } });
}

async function change(id: string, update: Record<string, unknown>): Promise<void> {
  if (!isId(id) || (await PlatformModel.updateOne({ _id: id }, update)).matchedCount === 0) throw new NotFound();
}

export function listRegistrations(): Promise<Platform[]> {
  return PlatformModel.find({}).sort({ name: 1, _id: 1 }).lean<Platform[]>();
}

/** Finds by id, or by the beginning of one: what a person types on a command line. Undefined unless exactly one fits. */
export async function findRegistration(idOrBeginning: string): Promise<Platform | undefined> {
  const text = z
    .string()
    .regex(/^[0-9a-f]{4,24}$/i)
    .safeParse(idOrBeginning);
  if (!text.success) return undefined;
  const fitting = (await listRegistrations()).filter(({ _id }) =>
    _id.toHexString().startsWith(text.data.toLowerCase()),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

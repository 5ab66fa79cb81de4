import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Actor } from '../domain/access.ts';
import { roles } from '../domain/vocabulary.ts';
import { NotSignedIn } from '../errors.ts';

/**
 * The short-lived token that the client keeps in memory: signed by us, for one actor in one course. It is renewed against
 * the stored session while the page is open, so an ended session stops within its life time.
 */
export const tokenMinutes = 10;

const claimsSchema = z.object({
  sid: z.string(),
  sub: z.string(),
  plt: z.string(),
  crs: z.string().optional(),
  rol: z.enum(roles),
});

export interface SessionTokens {
  issue(actor: Actor, now: Date): Promise<{ token: string; expiresAt: number }>;
  /** Throws NotSignedIn for anything that is not a token of ours, in date. */
  verify(token: string, now: Date): Promise<Actor>;
}

export function createSessionTokens({ secret, issuer }: { secret: string; issuer: string }): SessionTokens {
  const key = new TextEncoder().encode(secret);
  return {
    async issue(actor, now) {
      const expiresAt = now.getTime() + tokenMinutes * 60_000;
      const claims = {
        sid: actor.sessionId,
        plt: actor.platformId,
        crs: actor.courseId,
        rol: actor.role,
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', typ: 'waymark-session+jwt' })
        .setSubject(actor.personId)
        .setIssuer(issuer)
        .setAudience(issuer)
        .setIssuedAt(Math.floor(now.getTime() / 1000))
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      return { token, expiresAt };
    },
    async verify(token, now) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: 'waymark-session+jwt',
          issuer,
          audience: issuer,
          currentDate: now,
        });
        const claims = claimsSchema.parse(payload);
        return {
          sessionId: claims.sid,
          personId: claims.sub,
          platformId: claims.plt,
          role: claims.rol,
          ...(claims.crs !== undefined && { courseId: claims.crs }),
        };
      } catch {
        throw new NotSignedIn();
      }
    },
  };
}

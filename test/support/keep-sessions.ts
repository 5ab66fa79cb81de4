import { SessionModel } from '../../server/database/models/session.ts';

/**
 * Where a test's clock stands still, the database's own does not: once that day is past, it would clear the test's sessions
 * away in the middle of a journey.
 */
export async function keepSessions(): Promise<void> {
  await SessionModel.collection.dropIndex('expiresAt_1');
}

import type { SourceTopic } from '../../domain/facts.ts';
import { MoodleFailure, type MoodleTrouble } from './failure.ts';

/** One function that could not be read, and what the course can't speak of without it. */
export interface Loss {
  readonly functionName: string;
  readonly trouble: MoodleTrouble;
  /** In words, without and with the function's name. */
  readonly detail: string;
  readonly message: string;
  readonly speaksOf: readonly SourceTopic[];
}

/**
 * Runs one reading. A failure that concerns this function alone is noted and answered with undefined; one that concerns
 * the whole source (token, site away) is thrown on.
 */
export async function attemptReading<T>(
  losses: Loss[],
  speaksOf: readonly SourceTopic[],
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MoodleFailure) || error.trouble === 'token') throw error;
    const { functionName, trouble, detail, message } = error;
    losses.push({ functionName, trouble, detail, message, speaksOf });
    return undefined;
  }
}

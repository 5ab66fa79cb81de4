import { createOutbound } from '../../server/outbound/outbound.ts';
import { createMoodleClient, type MoodleConnectionOptions } from '../../server/sources/moodle/client.ts';

const outbound = createOutbound({ isProduction: false, allowedHosts: [] });

/** A client for a stand-in on this machine, where nothing is worth a long wait. */
export const moodleClientForTests = (options: MoodleConnectionOptions) =>
  createMoodleClient({ outbound, backoffMs: 5, timeoutMs: 500, ...options });

import type { Feed } from '../../database/models/feed.ts';
import { InvalidInput, NotAllowed } from '../../errors.ts';
import { parseInput } from '../../http/parse-request.ts';
import { caliperEventSchema, envelopeSchema, mapCaliperEvent } from '../../sources/caliper/map-event.ts';
import type { SourceEvent } from '../../sources/source-event.ts';
import { isDeeperThan, isObject } from '../../sources/xapi/checks.ts';
import { ForeignAccount } from '../../sources/xapi/map-statement.ts';
import type { FeedDeps } from './deps.ts';
import { checkTime, loadHomes } from './sender.ts';

const deepest = 30;
const entityTypes = /^(?!.*Event$)/;

/**
 * Takes one envelope in: all of its events are stored, or none. Descriptions of entities among them tell of nobody's
 * activity and are left out. Throws InvalidInput, NotAllowed, Conflict.
 */
export async function receiveEnvelope(feed: Feed, body: unknown, deps: FeedDeps): Promise<void> {
  const envelope = parseInput(envelopeSchema, body);
  if (isDeeperThan(envelope.data, deepest)) {
    throw new InvalidInput({ data: 'is nested too deeply' }, 'That nests too deeply.');
  }
  const homes = await loadHomes(feed);
  const now = deps.now().getTime();
  const events = envelope.data.flatMap((entry, index): SourceEvent[] => {
    if (isObject(entry) && typeof entry['type'] === 'string' && entityTypes.test(entry['type'])) return [];
    const parsed = caliperEventSchema.safeParse(entry);
    if (!parsed.success) {
      const place = ['data', index, ...(parsed.error.issues[0]?.path ?? [])].map(String).join('.');
      throw new InvalidInput({ [place]: 'is not as Caliper asks' }, `Event ${index + 1} is not sound.`);
    }
    checkTime(Date.parse(parsed.data.eventTime), now, `data.${index}.eventTime`);
    try {
      return [mapCaliperEvent(parsed.data, homes)];
    } catch (error) {
      if (error instanceof ForeignAccount) throw new NotAllowed(`Event ${index + 1} ${error.message}.`);
      throw error;
    }
  });
  await deps.intake.receive(feed, events);
}

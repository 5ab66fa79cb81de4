import type { RawEvent } from '../database/models/raw-event.ts';
import type { Activity } from '../domain/activity.ts';

/** The activity that a raw event was reduced from, with the event id that its first storing used; undefined for absences. */
export function toActivity(event: RawEvent): Activity | undefined {
  if (!event.kind) return undefined;
  const id = event._id.slice(event._id.indexOf(':') + 1);
  return {
    eventId: `${event.source}:${id}`,
    kind: event.kind,
    at: event.at.getTime(),
    source: event.source,
    ...(event.objectId !== undefined && { objectId: event.objectId }),
  };
}

/** One row of a Moodle log export, oldest first. `person` is empty where the log does not say who. */
export interface ExportedEvent {
  minute: number;
  person: string;
  action: string;
  module: string;
  title: string;
}

interface Handing {
  module: string;
  title: string;
  rows: number[];
  lastMinute: number;
  closeness: Map<string, number>;
}

const SAME_HANDING_MINUTES = 15;
const NEARBY_MINUTES = 15;
const HANDING_ACTIONS = new Set(['submission-added', 'submission-sent', 'resubmission-sent']);

/**
 * The log writes down that a paper was handed in, and not by whom. Whoever hands in has just opened the course page,
 * so each handing-in goes to a person seen in the log right before it, the nearest first, and first of all to somebody
 * who has not handed in that paper yet. Takes events oldest first; returns a person (or undefined) for each event.
 */
export function attributeSubmissions(events: ExportedEvent[]): (string | undefined)[] {
  const handings = groupHandings(events);
  const pairs = handings.flatMap((handing) =>
    [...handing.closeness].map(([person, closeness]) => ({ handing, person, closeness })),
  );
  pairs.sort((a, b) => b.closeness - a.closeness);

  const owner = new Map<Handing, string>();
  const hasHandedIn = new Set<string>();
  for (const { handing, person } of pairs) {
    const key = `${handing.module} ${person}`;
    if (owner.has(handing) || hasHandedIn.has(key)) continue;
    owner.set(handing, person);
    hasHandedIn.add(key);
  }
  for (const { handing, person } of pairs) if (!owner.has(handing)) owner.set(handing, person);

  const attributed: (string | undefined)[] = new Array<undefined>(events.length).fill(undefined);
  for (const handing of handings) for (const row of handing.rows) attributed[row] = owner.get(handing);
  return attributed;
}

function groupHandings(events: ExportedEvent[]): Handing[] {
  const handings: Handing[] = [];
  const open = new Map<string, Handing>();
  events.forEach((event, row) => {
    if (!HANDING_ACTIONS.has(event.action) || event.person) return;
    const key = `${event.module} ${event.title.toLowerCase()}`;
    let handing = open.get(key);
    if (!handing || event.minute - handing.lastMinute > SAME_HANDING_MINUTES) {
      handing = { module: event.module, title: event.title, rows: [], lastMinute: 0, closeness: new Map() };
      open.set(key, handing);
      handings.push(handing);
    }
    handing.rows.push(row);
    handing.lastMinute = event.minute;
    addCloseness(handing.closeness, events, row);
  });
  return handings;
}

function addCloseness(closeness: Map<string, number>, events: ExportedEvent[], row: number) {
  const minute = events[row]?.minute ?? 0;
  const seen = new Set<string>();
  for (let back = row - 1; back >= 0; back -= 1) {
    const event = events[back];
    if (!event || minute - event.minute > NEARBY_MINUTES) return;
    if (!event.person || seen.has(event.person)) continue;
    seen.add(event.person);
    closeness.set(event.person, (closeness.get(event.person) ?? 0) + 1 / seen.size);
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One event as the published log has it, in local wall-clock time. */
export interface LogEvent {
  /** Minutes of wall-clock time since the log's first Monday, 00:00. */
  minute: number;
  /** The person the log names, or the one a submission was attributed to; 0 where nobody is known. */
  personId: number;
  action: string;
  /** Course-module id, or 0 for the course itself. */
  moduleId: number;
}

export interface LogModule {
  id: number;
  type: string;
  name: string;
}

export interface CourseLog {
  courseId: number;
  /** ISO date of the Monday from which minutes count. */
  firstMonday: string;
  modules: LogModule[];
  /** Oldest first. */
  events: LogEvent[];
}

export type CourseLogName = 'module-4-sp18' | 'module-1-sp18';

const read = new Map<CourseLogName, CourseLog>();

/** Reads a shipped course log once per process. */
export function readCourseLog(name: CourseLogName): CourseLog {
  let log = read.get(name);
  if (!log) {
    const about = JSON.parse(readFileSync(locate(`${name}.json`), 'utf8')) as Omit<CourseLog, 'events'>;
    log = { ...about, events: parseEvents(gunzipSync(readFileSync(locate(`${name}.csv.gz`))).toString('utf8')) };
    read.set(name, log);
  }
  return log;
}

/** The compiled practice VLE lives in dist/test/practice-vle, while the logs stay where they are in the repository. */
function locate(file: string): URL {
  const beside = new URL(`./course-log/${file}`, import.meta.url);
  return existsSync(beside) ? beside : new URL(`../../../test/practice-vle/course-log/${file}`, import.meta.url);
}

function parseEvents(csv: string): LogEvent[] {
  let minute = 0;
  return csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [minutesLater, person, action, module, attributedTo] = line.split(',');
      minute += Number(minutesLater);
      return {
        minute,
        personId: Number(person || attributedTo || 0),
        action: action ?? '',
        moduleId: Number(module || 0),
      };
    });
}

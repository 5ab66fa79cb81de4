import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { JWTPayload } from 'jose';
import { authorisationRouter } from './authorisation.ts';
import { createClock } from './clock.ts';
import { controlRouter } from './control.ts';
import { deepLinkingRouter } from './deep-linking.ts';
import { createFaults } from './faults.ts';
import { gradebookRouter } from './gradebook.ts';
import { createPlatformKeys, keysRouter, signToken, type SigningOverrides } from './keys.ts';
import { launchClaims, startLaunch } from './launches.ts';
import { membershipsRouter } from './memberships.ts';
import { coursePagesRouter } from './pages/course-pages.ts';
import { webServicesRouter } from './moodle/web-services.ts';
import { studentsOf } from './moodle/course-state.ts';
import type { Enrolment, PracticeCourse } from './practice-course.ts';
import {
  buildCourses,
  createAdministrator,
  findPerson,
  type LaunchIntent,
  type MessageType,
  type PlacedLink,
  type RegisteredTool,
  type Site,
} from './site.ts';
import { pushStatements, statementsOf, type StatementTarget } from './statements.ts';
import { registrationRouter, startRegistration } from './registration.ts';
import { tokenRouter } from './token-endpoint.ts';

export interface PracticeVleOptions {
  /** 0, the default, lets the system choose. */
  port?: number;
  host?: string;
  /** "Today" of the course log, and a clock that stands there; without it the clock follows the real one. */
  now?: Date;
  /** How many students the large course has; more than the log's are repeats of real ones. Default: the log's own. */
  studentCount?: number;
  /** Sends no names, e-mail addresses or user names, as a site with strict privacy does. */
  withholdsNames?: boolean;
  /** Offers LTI platform storage (postMessage) at login. Moodle does not. */
  offersPlatformStorage?: boolean;
  /** Pages the roster even when no limit is asked for. */
  rosterPageSize?: number;
  /** Offers to tell only what has changed in a roster (the link relation `differences`). Moodle does not. */
  offersDifferences?: boolean;
  /** Opens /practice/faults, by which another process can make things go wrong. */
  hasControl?: boolean;
}

export interface LaunchOptions {
  tool: RegisteredTool;
  /** Moodle user number; see `tutor`, `students` and `administrator`. */
  personId: number;
  course?: PracticeCourse;
  messageType?: MessageType;
  targetLinkUri?: string;
  /** One of `placedLinks`. */
  link?: PlacedLink;
}

export type PracticeVle = Awaited<ReturnType<typeof createPracticeVle>>;

/** Starts a practice VLE and returns a handle on it. Everything lives in memory and ends with `close`. */
export async function createPracticeVle(options: PracticeVleOptions = {}) {
  const host = options.host ?? '127.0.0.1';
  const clock = createClock(options.now);
  const site: Site = {
    url: '',
    name: 'Practice VLE',
    clock,
    keys: await createPlatformKeys(),
    faults: createFaults(),
    courses: buildCourses(options.now ?? new Date(), options.studentCount),
    administrator: createAdministrator(),
    tools: [],
    webServiceToken: randomUUID().replaceAll('-', ''),
    withholdsNames: options.withholdsNames ?? false,
    offersPlatformStorage: options.offersPlatformStorage ?? false,
    rosterPageSize: options.rosterPageSize ?? 0,
    offersDifferences: options.offersDifferences ?? false,
    rosterLog: [],
    launches: new Map(),
    accessTokens: new Map(),
    extensions: new Map(),
    dueOverrides: new Map(),
    results: [],
    placedLinks: [],
  };
  const server = createServer(createApp(site, options.hasControl ?? false));
  site.url = await listen(server, options.port ?? 0, host);

  const [course, otherCourse] = site.courses;
  if (!course || !otherCourse) throw new Error('The practice VLE needs its two courses.');

  function intentOf(launch: LaunchOptions): LaunchIntent {
    return {
      personId: launch.personId,
      course: launch.course ?? site.courses[0]!,
      tool: launch.tool,
      messageType: launch.messageType ?? 'LtiResourceLinkRequest',
      targetLinkUri: launch.targetLinkUri ?? launch.link?.url ?? launch.tool.targetLinkUri,
      documentTarget: 'iframe',
      link: launch.link,
    };
  }

  return {
    url: site.url,
    issuer: site.url,
    jwksUrl: `${site.url}/mod/lti/certs.php`,
    tokenUrl: `${site.url}/mod/lti/token.php`,
    authorisationUrl: `${site.url}/mod/lti/auth.php`,
    webServiceToken: site.webServiceToken,
    clock,
    faults: site.faults,
    /** The large course of the published log, and a small one with other people. */
    course,
    otherCourse,
    tutor: staffOf(course)[0]!,
    /** A non-editing tutor: Instructor at launch, Learner in the roster. */
    secondTutor: staffOf(course)[1]!,
    otherTutor: staffOf(otherCourse)[0]!,
    students: studentsOf(course),
    otherStudents: studentsOf(otherCourse),
    administrator: site.administrator,

    /** Registers a tool by hand, as an administrator would type it in; returns it with its client and deployment ids. */
    addTool(tool: Omit<RegisteredTool, 'clientId' | 'deploymentId'>): RegisteredTool {
      const registered = { ...tool, clientId: randomUUID().slice(0, 15), deploymentId: String(site.tools.length + 1) };
      site.tools.push(registered);
      return registered;
    },
    tools: site.tools,

    /**
     * The address an administrator's browser opens to register a tool, or to update one: the tool's own with Moodle's two
     * parameters.
     */
    startRegistration: (toolRegistrationUrl: string, updates?: RegisteredTool) =>
      startRegistration(site, toolRegistrationUrl, updates),

    /** Links that tools have placed by deep linking. */
    placedLinks: site.placedLinks,

    /** Begins a launch: what Moodle would post to the tool's login address. */
    startLaunch: (launch: LaunchOptions) => startLaunch(site, intentOf(launch)),

    /** The claims of a right launch, to sign as they are or to spoil first. */
    launchClaims(launch: LaunchOptions, nonce: string): JWTPayload {
      const person = findPerson(site, launch.personId);
      if (!person) throw new Error('Nobody here has that number.');
      return launchClaims(site, intentOf(launch), person, nonce);
    },

    /** Signs any claims at all, with any header or key. */
    signLaunch: (claims: JWTPayload, overrides?: SigningOverrides) => signToken(site.keys, claims, overrides),

    /** Sends what happened in a course up to now, as logstore_xapi does; returns how many statements were taken. */
    pushLog(target: StatementTarget, { course: which = course, after = 0 } = {}): Promise<number> {
      return pushStatements(statementsOf(site, which, after, site.clock.nowSeconds()), target);
    },

    /** Gives a student more time (epoch seconds) for an assignment. */
    grantExtension(moduleId: number, personId: number, until: number): void {
      site.extensions.set(`${moduleId} ${personId}`, until);
    },

    /** Sets another due time (epoch seconds) for one person's assignment, by an override. */
    overrideDue(moduleId: number, personId: number, until: number): void {
      site.dueOverrides.set(`${moduleId} ${personId}`, until);
    },

    /** Takes somebody out of a course; the function returned puts them back. */
    unenrol(personId: number, from = course): () => void {
      const enrolment = from.enrolments.get(personId);
      if (!enrolment) throw new Error('Nobody in this course has that number.');
      const log = () => site.rosterLog.push({ courseId: from.id, personId });
      from.enrolments.delete(personId);
      log();
      return () => {
        from.enrolments.set(personId, enrolment);
        log();
      };
    },

    /** Puts a mark out of ten into the tool's own grade column of the large course, as a tutor would by hand. */
    giveResult(personId: number, score: number): void {
      site.results.push({ courseId: course.id, personId, score, at: site.clock.nowSeconds() });
    },

    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createApp(site: Site, hasControl: boolean) {
  const app = express();
  app.set('query parser', 'extended');
  app.disable('x-powered-by');
  app.use(coursePagesRouter(site));
  app.use(keysRouter(site));
  app.use(authorisationRouter(site));
  app.use(tokenRouter(site));
  app.use(membershipsRouter(site));
  app.use(gradebookRouter(site));
  app.use(registrationRouter(site));
  app.use(deepLinkingRouter(site));
  app.use(webServicesRouter(site));
  if (hasControl) app.use(controlRouter(site));
  return app;
}

const staffOf = (course: PracticeCourse): Enrolment[] =>
  [...course.enrolments.values()].filter(({ role }) => role !== 'student');

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

import type { CryptoKey, JWK } from 'jose';
import { shiftedFirstMonday, type Clock } from './clock.ts';
import { readCourseLog } from './course-log.ts';
import type { Faults } from './faults.ts';
import { named, type Person } from './people.ts';
import { buildCourse, type PracticeCourse } from './practice-course.ts';

/** A tool as the platform knows it after registration. */
export interface RegisteredTool {
  clientId: string;
  /** Moodle's type id; it is the deployment id too. */
  deploymentId: string;
  name: string;
  loginUrl: string;
  redirectUris: string[];
  targetLinkUri: string;
  jwksUrl: string;
  scopes: string[];
  customParameters: Record<string, string>;
  /** After dynamic registration, until an administrator activates it; nobody can launch it meanwhile. */
  isPending?: boolean;
}

export interface PlatformKeys {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

export type MessageType = 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest' | 'LtiSubmissionReviewRequest';

/** What the platform remembers between sending a browser to the tool's login and being asked for the token. */
export interface LaunchIntent {
  personId: number;
  course: PracticeCourse;
  tool: RegisteredTool;
  messageType: MessageType;
  targetLinkUri: string;
  documentTarget: 'iframe' | 'window';
  /** The link that was opened, where it is not the tool's own activity of the course. */
  link?: PlacedLink | undefined;
}

/** A mark in the tool's own column. */
interface GivenResult {
  courseId: number;
  personId: number;
  score: number;
  at: number;
}

/** A link that a tool gave back, and the course it was placed in. */
export interface PlacedLink {
  /** Its resource link id: no other link of the site has it. */
  id: string;
  courseId: number;
  /** The tool that placed it, and that it launches. */
  clientId: string;
  title: string;
  url: string | undefined;
  custom: Record<string, string>;
}

/** Everything the parts of the practice VLE share. */
export interface Site {
  /** Base URL without a slash at the end; also the issuer. */
  url: string;
  name: string;
  clock: Clock;
  keys: PlatformKeys;
  faults: Faults;
  courses: PracticeCourse[];
  administrator: Person;
  tools: RegisteredTool[];
  webServiceToken: string;
  withholdsNames: boolean;
  offersPlatformStorage: boolean;
  /** A page of the roster even where the tool asked for no limit; 0 is Moodle's way, everybody at once. */
  rosterPageSize: number;
  /** Whether the roster offers its differences; Moodle's does not. */
  offersDifferences: boolean;
  /** What has happened to the rosters, in order: the number of it is what a difference counts from. */
  rosterLog: { courseId: number; personId: number }[];
  launches: Map<string, LaunchIntent>;
  accessTokens: Map<string, { clientId: string; scopes: string[]; expiresAt: number }>;
  extensions: Map<string, number>;
  /** Due times of single people, by module and person, in epoch seconds. */
  dueOverrides: Map<string, number>;
  results: GivenResult[];
  placedLinks: PlacedLink[];
}

/**
 * The site's courses: the whole log of a large course, and a small one taught in the same term by other people. One colleague
 * teaches both beside them, so that in each course there is somebody to ask and to hand over to.
 */
export function buildCourses(today: Date, studentCount?: number): PracticeCourse[] {
  const colleague = named(40, 'Helen', 'Marchetti');
  const large = readCourseLog('module-4-sp18');
  const firstMonday = shiftedFirstMonday(large.events.at(-1)?.minute ?? 0, today);
  return [
    buildCourse(
      large,
      {
        shortName: 'COMP 1008',
        fullName: 'E-commerce',
        resourceLinkId: 1,
        staff: [
          ['Ruth', 'Ashdown'],
          ['Daniel', 'Okoro'],
        ],
        colleague,
      },
      firstMonday,
      studentCount,
    ),
    buildCourse(
      readCourseLog('module-1-sp18'),
      {
        shortName: 'COMP 0328',
        fullName: 'Object Oriented Programming',
        resourceLinkId: 2,
        staff: [['Marta', 'Lindqvist']],
        colleague,
      },
      firstMonday,
    ),
  ];
}

export const createAdministrator = (): Person => named(2, 'Site', 'Administrator');

/** The person with this number, wherever on the site; undefined when there is none. */
export function findPerson(site: Site, personId: number): Person | undefined {
  if (personId === site.administrator.id) return site.administrator;
  for (const course of site.courses) {
    const enrolment = course.enrolments.get(personId);
    if (enrolment) return enrolment.person;
  }
  return undefined;
}

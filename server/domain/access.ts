import type { Role } from './vocabulary.ts';

/**
 * One person in one role in one course, as a launch has proven it. Every service takes an actor first and decides with
 * the functions below; a token that was valid for another course is another actor.
 */
export interface Actor {
  readonly platformId: string;
  /** Absent for an administrator who launched outside any course. */
  readonly courseId?: string | undefined;
  readonly personId: string;
  readonly role: Role;
  /** The session that this actor came with, for the audit. */
  readonly sessionId: string;
}

/** May this actor use the student's own pages: their view, journal, requests and rights? Only ever their own. */
export function isStudent(actor: Actor): actor is CourseActor {
  return isInCourse(actor) && actor.role === 'student';
}

/** Which roles an institution lets see individual students; tutors always may (it is what the tool is for). */
export interface AccessPolicy {
  readonly mayAssistantsSeeIndividuals: boolean;
}

export type CourseActor = Actor & { readonly courseId: string };

export function isInCourse(actor: Actor): actor is CourseActor {
  return actor.courseId !== undefined;
}

/** May this actor see individual students of their course: the list, a student's page, the log? */
export function maySeeIndividuals(actor: Actor, policy: AccessPolicy): actor is CourseActor {
  if (!isInCourse(actor)) return false;
  return actor.role === 'tutor' || (actor.role === 'assistant' && policy.mayAssistantsSeeIndividuals);
}

/** May this actor change the rules and pauses of the course? */
export function maySetRules(actor: Actor): actor is CourseActor {
  return isInCourse(actor) && actor.role === 'tutor';
}

/** May this actor see the system: platforms, sources, health? Never the people in it. */
export function mayAdminister(actor: Actor): boolean {
  return actor.role === 'administrator';
}

/** May this actor see coverage, waiting times and evaluation without names? */
export function mayOversee(actor: Actor): boolean {
  return actor.role === 'lead' || actor.role === 'administrator' || actor.role === 'tutor';
}

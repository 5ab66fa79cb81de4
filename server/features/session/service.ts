import type { Deps } from '../../deps.ts';
import type { SessionReply } from '../../contracts/session.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { PersonModel } from '../../database/models/person.ts';
import { PlatformModel } from '../../database/models/platform.ts';
import { endSessions, findRunningSession, redeemCode, type Session } from '../../database/models/session.ts';
import type { Actor } from '../../domain/access.ts';
import { NotSignedIn } from '../../errors.ts';
import { fillPack } from '../../policy/fill-pack.ts';

/** Exchanges the one-time code of a launch for a token. Throws NotSignedIn for a code that is unknown, used or old. */
export async function openSession(code: string, deps: Deps): Promise<SessionReply> {
  const session = await redeemCode(code, deps.now());
  if (!session) throw new NotSignedIn('This link was used already or is too old. Open Waymark again from your course.');
  return presentSession(session, deps);
}

/** A new token for a session that still runs, with the role as it is now. Throws NotSignedIn otherwise. */
export async function renewSession(actor: Actor, deps: Deps): Promise<SessionReply> {
  const session = await findRunningSession(actor.sessionId, deps.now());
  if (!session) throw new NotSignedIn();
  return presentSession(session, deps);
}

/** Ends the actor's own session; doing so twice is harmless. */
export async function closeSession(actor: Actor, deps: Deps): Promise<void> {
  await endSessions({ sessionId: actor.sessionId }, deps.now());
}

async function presentSession(session: Session, deps: Deps): Promise<SessionReply> {
  const [platform, course, person, enrolment] = await Promise.all([
    PlatformModel.findOne({ _id: session.platformId, isActive: true }, { _id: 1 }).lean(),
    session.courseId ? CourseModel.findById(session.courseId, { title: 1, label: 1 }).lean() : null,
    PersonModel.findById(session.personId, { name: 1, givenName: 1 }).lean(),
    session.courseId
      ? EnrolmentModel.findOne({ courseId: session.courseId, personId: session.personId }, { isActive: 1 }).lean()
      : null,
  ]);
  if (!platform || !person || (enrolment && !enrolment.isActive)) throw new NotSignedIn();
  const { token, expiresAt } = await deps.tokens.issue(
    {
      sessionId: session._id.toHexString(),
      platformId: session.platformId.toHexString(),
      personId: session.personId.toHexString(),
      role: session.role,
      ...(session.courseId && { courseId: session.courseId.toHexString() }),
    },
    deps.now(),
  );
  const name = person.givenName ?? person.name;
  return {
    token,
    expiresAt,
    role: session.role,
    ...(name && { name }),
    ...(course && { course: { title: course.title, ...(course.label && { label: course.label }) } }),
    ...(session.opensAt && { opensAt: session.opensAt }),
    ...(session.wayBack && { wayBack: session.wayBack }),
    ...(session.wayIn && { wayIn: session.wayIn }),
    pack: { id: deps.pack.id, name: deps.pack.name, words: { ...deps.pack.words } },
    crisis: presentCrisis(deps),
    draftsKey: `${session.courseId?.toHexString() ?? 'none'}.${session.personId.toHexString()}`,
  };
}

function presentCrisis({ pack }: Deps): SessionReply['crisis'] {
  const { intro, contacts } = fillPack(pack).routes.crisis;
  return {
    intro,
    contacts: contacts.map(({ name, description, phone, url }) => ({
      name,
      description,
      ...(phone && { phone }),
      ...(url && { url }),
    })),
  };
}

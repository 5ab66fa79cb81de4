import type { SupportAsk, SupportRequest } from '../../contracts/rights.ts';
import { isId, newId, type Id } from '../../database/connect.ts';
import { requestSeal, SupportRequestModel, type StoredSupportRequest } from '../../database/models/support-request.ts';
import type { Deps } from '../../deps.ts';
import type { CourseActor } from '../../domain/access.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { presentRequest } from '../../student-view/own-words.ts';
import type { NameOf } from '../../student-view/people.ts';

const requestsShown = 50;
/** More open requests than this at once can only be a mistake, and would hide each other in a tutor's list. */
const openLimit = 5;
const openStates = ['asked', 'seen', 'arranged'] as const;

/** The student's own requests, the newest first. */
export function findRequests({ courseId, personId }: CourseActor): Promise<StoredSupportRequest[]> {
  return SupportRequestModel.find({ courseId, personId })
    .sort({ askedAt: -1 })
    .limit(requestsShown)
    .lean<StoredSupportRequest[]>();
}

export interface Offered {
  readonly staffIds: readonly Id[];
  readonly channels: readonly string[];
}

/** Asks for a conversation. Throws InvalidInput for a person or a channel that is not offered. */
export async function addRequest(
  { courseId, personId }: CourseActor,
  request: SupportAsk,
  offered: Offered,
  deps: Deps,
): Promise<StoredSupportRequest> {
  const notOffered = 'Please choose one from the list.';
  if (request.withPersonId && !offered.staffIds.includes(request.withPersonId)) {
    throw new InvalidInput({ withPersonId: notOffered });
  }
  if (!offered.channels.includes(request.channel)) throw new InvalidInput({ channel: notOffered });
  const open = await SupportRequestModel.countDocuments({ courseId, personId, state: { $in: openStates } });
  if (open >= openLimit) {
    throw new InvalidInput({ body: `You have ${open} open requests already. You can withdraw one to make room.` });
  }
  const id = newId();
  const now = deps.now();
  const stored = await SupportRequestModel.create({
    _id: id,
    courseId,
    personId,
    withPersonId: request.withPersonId ?? null,
    channel: request.channel,
    topic: request.topic ?? null,
    sealedWhen: request.when ? deps.vault.seal(request.when, requestSeal(id, 'when')) : null,
    sealedAbout: request.about ? deps.vault.seal(request.about, requestSeal(id, 'about')) : null,
    state: 'asked',
    askedAt: now,
    updatedAt: now,
    history: [{ state: 'asked', at: now, byId: personId }],
  });
  return stored.toObject<StoredSupportRequest>();
}

/** Takes a request back. Throws NotFound for anybody else's, Conflict when staff answered in the meantime. */
export async function withdrawRequest(
  { courseId, personId }: CourseActor,
  id: Id,
  rev: number,
  nameOf: NameOf,
  deps: Deps,
): Promise<SupportRequest> {
  if (!isId(id)) throw new NotFound();
  const mine = { _id: id, courseId, personId };
  const now = deps.now();
  const withdrawn = await SupportRequestModel.findOneAndUpdate(
    { ...mine, rev, state: { $in: openStates } },
    {
      $set: { state: 'withdrawn', updatedAt: now },
      $push: { history: { state: 'withdrawn', at: now, byId: personId } },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean<StoredSupportRequest>();
  if (withdrawn) return presentRequest(withdrawn, nameOf, deps.vault);
  const stored = await SupportRequestModel.findOne(mine).lean<StoredSupportRequest>();
  if (!stored) throw new NotFound();
  throw new Conflict(
    'There is news about this request. Please read it first.',
    presentRequest(stored, nameOf, deps.vault),
  );
}

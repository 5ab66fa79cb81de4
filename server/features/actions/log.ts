import type { CaseworkForms, FollowUps, LogPage } from '../../contracts/actions.ts';
import { findLogPage, findPendingFollowUps } from '../../database/models/action.ts';
import { findLatestAlerts } from '../../database/models/alert.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findColleagues } from '../../staff/colleagues.ts';
import { presentActions } from '../../staff/present-action.ts';
import { presentAlerts } from '../../staff/present-alert.ts';
import { requireStaff } from '../../staff/require-staff.ts';

const pageLength = 50;

/** A page of the course's log, newest first. */
export async function readLog(deps: Deps, actor: Actor, { before }: { before?: string | undefined }): Promise<LogPage> {
  const { courseId } = await requireStaff(deps, actor);
  const [at, id] = before?.split('-') ?? [];
  await auditDeed(deps, actor, 'viewed-list');
  const actions = await findLogPage(courseId, {
    ...(at !== undefined && id !== undefined && { before: { at: new Date(Number(at)), id } }),
    limit: pageLength + 1,
  });
  const alerts = before === undefined ? await findLatestAlerts(courseId, pageLength) : [];
  const last = actions.length > pageLength ? actions[pageLength - 1] : undefined;
  return {
    actions: await presentActions(courseId, actions.slice(0, pageLength), deps.vault),
    alerts: await presentAlerts(courseId, alerts, deps.vault, deps.pack.schools),
    ...(last && { next: `${last.at.getTime()}-${last._id.toHexString()}` }),
  };
}

/** Everything that is to be followed up, the earliest due first. */
export async function readFollowUps(deps: Deps, actor: Actor): Promise<FollowUps> {
  const { courseId, personId } = await requireStaff(deps, actor);
  await auditDeed(deps, actor, 'viewed-list');
  const actions = await presentActions(courseId, await findPendingFollowUps(courseId), deps.vault);
  return { now: deps.now().getTime(), me: personId, actions };
}

/** What the forms offer: the pack's categories and channels, and the colleagues of the course. */
export async function readForms(deps: Deps, actor: Actor): Promise<CaseworkForms> {
  const { courseId, personId } = await requireStaff(deps, actor);
  const { pack } = deps;
  const say = (text: string) => fillWords(text, pack.words);
  return {
    now: deps.now().getTime(),
    me: personId,
    colleagues: await findColleagues(courseId, pack.access.mayAssistantsSeeIndividuals),
    categories: pack.actionCategories.map(({ id, label, description }) => ({
      id,
      label: say(label),
      description: say(description),
    })),
    channels: pack.channels.map(({ id, label }) => ({ id, label: say(label) })),
    schools: pack.schools.map(({ id, name, contact }) => ({
      id,
      name,
      contact: say(contact.name),
      ...(contact.url?.startsWith('mailto:') && { email: contact.url.slice('mailto:'.length) }),
    })),
    messages: pack.messages.map(({ id, label, kind, fits }) => ({ id, label: say(label), kind, fits: [...fits] })),
    mayAddCategories: pack.mayAddCategories,
    mustDiscussFirst: pack.requiresColleagueDiscussion,
    aboutDiscussion: say(pack.colleagueDiscussion),
    followUpAfterDays: pack.followUpAfterDays,
  };
}

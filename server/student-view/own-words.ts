import type { Goal, Reflection } from '../contracts/reflections.ts';
import type { Challenge, SupportRequest } from '../contracts/rights.ts';
import { challengeSeal, type StoredChallenge } from '../database/models/challenge.ts';
import { goalSeal, type StoredGoal } from '../database/models/goal.ts';
import { reflectionSeal, type StoredReflection } from '../database/models/reflection.ts';
import { requestSeal, type StoredSupportRequest } from '../database/models/support-request.ts';
import type { Vault } from '../database/vault.ts';
import type { NameOf } from './people.ts';

/** What a student wrote, opened for that student. */
export function presentGoal(goal: StoredGoal, vault: Vault): Goal {
  const id = goal._id.toHexString();
  return {
    id,
    week: goal.week,
    kind: goal.kind,
    ...(goal.target && { target: goal.target }),
    ...(goal.sealedText && { text: vault.read(goal.sealedText, goalSeal(id, 'text')) }),
    ...(goal.sealedPlan && { plan: vault.read(goal.sealedPlan, goalSeal(id, 'plan')) }),
    ...(goal.outcome && { outcome: goal.outcome }),
    updatedAt: goal.updatedAt.getTime(),
    rev: goal.rev,
  };
}

export function presentEntry(entry: StoredReflection, vault: Vault): Reflection {
  const id = entry._id.toHexString();
  return {
    id,
    week: entry.week,
    ...(entry.prompt && { prompt: entry.prompt }),
    text: vault.read(entry.sealedText, reflectionSeal(id)),
    ...(entry.sharedAt && { sharedAt: entry.sharedAt.getTime() }),
    createdAt: entry.createdAt.getTime(),
    updatedAt: entry.updatedAt.getTime(),
    rev: entry.rev,
  };
}

export function presentRequest(request: StoredSupportRequest, nameOf: NameOf, vault: Vault): SupportRequest {
  const id = request._id.toHexString();
  return {
    id,
    ...(request.withPersonId && { with: nameOf(request.withPersonId) }),
    channel: request.channel,
    ...(request.topic && { topic: request.topic }),
    ...(request.sealedWhen && { when: vault.read(request.sealedWhen, requestSeal(id, 'when')) }),
    ...(request.sealedAbout && { about: vault.read(request.sealedAbout, requestSeal(id, 'about')) }),
    state: request.state,
    ...(request.sealedReply && { reply: vault.read(request.sealedReply, requestSeal(id, 'reply')) }),
    ...(request.answeredById && { answeredBy: nameOf(request.answeredById) }),
    ...(request.meetingAt && { meetingAt: request.meetingAt.getTime() }),
    askedAt: request.askedAt.getTime(),
    history: request.history.map(({ state, at }) => ({ state, at: at.getTime() })),
    rev: request.rev,
  };
}

export function presentChallenge(challenge: StoredChallenge, nameOf: NameOf, vault: Vault): Challenge {
  const id = challenge._id.toHexString();
  return {
    id,
    topic: challenge.topic,
    ...(challenge.label && { label: challenge.label }),
    text: vault.read(challenge.sealedText, challengeSeal(id, 'text')),
    state: challenge.state,
    ...(challenge.sealedAnswer && { answer: vault.read(challenge.sealedAnswer, challengeSeal(id, 'answer')) }),
    ...(challenge.answeredById && { answeredBy: nameOf(challenge.answeredById) }),
    ...(challenge.answeredAt && { answeredAt: challenge.answeredAt.getTime() }),
    raisedAt: challenge.raisedAt.getTime(),
    history: challenge.history.map(({ state, at }) => ({ state, at: at.getTime() })),
    rev: challenge.rev,
  };
}

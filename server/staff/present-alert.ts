import type { ShownAlert } from '../contracts/alerts.ts';
import type { Alert } from '../database/models/alert.ts';
import type { Vault } from '../database/vault.ts';
import type { PolicyPack } from '../policy/schema.ts';
import { findNames } from './colleagues.ts';

export function alertContext(id: string, text: 'need' | 'answer'): string {
  return `alert:${id}:${text}`;
}

export async function presentAlerts(
  courseId: string,
  alerts: readonly Alert[],
  vault: Vault,
  schools: PolicyPack['schools'] = [],
): Promise<ShownAlert[]> {
  const nameOf = await findNames(
    courseId,
    alerts.flatMap(({ personId, sentById, answerById }) =>
      [personId, sentById, ...(answerById ? [answerById] : [])].map(String),
    ),
  );
  return alerts.map((alert) => {
    const id = alert._id.toHexString();
    const address = schools.find((school) => school.id === alert.schoolId)?.contact.url;
    return {
      id,
      rev: alert.rev,
      personId: alert.personId.toHexString(),
      studentName: nameOf(alert.personId.toHexString()),
      school: alert.school,
      contact: alert.contact,
      ...(address?.startsWith('mailto:') && { email: address.slice('mailto:'.length) }),
      need: vault.read(alert.sealedNeed, alertContext(id, 'need')),
      sentBy: nameOf(alert.sentById.toHexString()),
      sentAt: alert.sentAt.getTime(),
      ...(alert.sealedAnswer && { answer: vault.read(alert.sealedAnswer, alertContext(id, 'answer')) }),
      ...(alert.answerById && { answerBy: nameOf(alert.answerById.toHexString()) }),
      ...(alert.answeredAt && { answeredAt: alert.answeredAt.getTime() }),
    };
  });
}

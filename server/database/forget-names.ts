import type mongoose from 'mongoose';
import { EnrolmentModel } from './models/enrolment.ts';
import { PersonModel } from './models/person.ts';

/** A person whose name a course's platform withholds now, with the address that it still gives. */
interface Withheld {
  readonly personId: mongoose.Types.ObjectId;
  readonly email?: string | undefined;
}

/** Deletes the names that are withheld now, and the address where that is, too; unless another course still names them. */
export async function forgetNames(withheld: readonly Withheld[]): Promise<void> {
  if (withheld.length === 0) return;
  const personIds = withheld.map(({ personId }) => personId);
  const named = await EnrolmentModel.distinct('personId', {
    personId: { $in: personIds },
    nameFrom: { $exists: true },
  });
  const stillNamed = new Set(named.map(String));
  const unnamed = withheld.filter(({ personId }) => !stillNamed.has(personId.toHexString()));
  const names = { name: 1, givenName: 1, familyName: 1 } as const;
  const idsOf = (people: readonly Withheld[]) => ({ $in: people.map(({ personId }) => personId) });
  await Promise.all([
    PersonModel.updateMany({ _id: idsOf(unnamed.filter(({ email }) => email)) }, { $unset: names }),
    PersonModel.updateMany(
      { _id: idsOf(unnamed.filter(({ email }) => !email)) },
      { $unset: { ...names, email: 1, emailSha1: 1 } },
    ),
  ]);
}

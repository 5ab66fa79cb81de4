import { useState } from 'react';
import type { ShownAction } from '../../../../server/contracts/actions.ts';
import { common } from '../../../text/common.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionEntry } from '../casework/action-entry.tsx';
import { useKeptInPlace } from '../casework/use-kept-in-place.ts';
import { useFollowUps } from '../data.ts';
import { isDue } from '../say-when.ts';

const nothing: readonly ShownAction[] = [];

/** Only what is still to do is served: what has gone from there was done, by the reader or by a colleague. */
function asDone(action: ShownAction): ShownAction {
  return { ...action, ...(action.followUp && { followUp: { ...action.followUp, isPending: false } }) };
}

/** Where each entry stood when it was first shown: what is handed over or moved does not leave from under its reader's hands. */
function useFirstPlace<Place>(
  actions: readonly ShownAction[],
  placeOf: (action: ShownAction) => Place,
): ReadonlyMap<string, Place> {
  const [places, setPlaces] = useState<ReadonlyMap<string, Place>>(new Map());
  if (actions.every(({ id }) => places.has(id))) return places;
  const all = new Map([...actions.map((action) => [action.id, placeOf(action)] as const), ...places]);
  setPlaces(all);
  return all;
}

/** What is to be followed up: what is due from the reader first, then from colleagues, then what is coming. */
export function FollowUpsPage() {
  const followUps = useFollowUps();
  const { now = 0, me, actions: pending = nothing } = followUps.data ?? {};
  const { shown, hasGone } = useKeptInPlace(pending);
  const actions = shown.map((action) => (hasGone(action.id) ? asDone(action) : action));
  const places = useFirstPlace(actions, ({ followUp }) =>
    !followUp || !isDue(followUp.dueAt, now) ? 'coming' : followUp.ownerId === me ? 'due' : 'dueOthers',
  );
  const parts = (['due', 'dueOthers', 'coming'] as const).map((place) => ({
    title: caseworkText[place],
    entries: actions.filter(({ id }) => places.get(id) === place),
  }));
  return (
    <Page title={caseworkText.followUpsTitle}>
      {followUps.isPending && <Loading label={common.loading} />}
      {followUps.isError && <Problem error={followUps.error} onRetry={() => void followUps.refetch()} />}
      {followUps.data && actions.length === 0 && <p>{caseworkText.noFollowUps}</p>}
      {parts
        .filter(({ entries }) => entries.length > 0)
        .map(({ title, entries }) => (
          <section key={title}>
            <h2>{title}</h2>
            {entries.map((action) => (
              <ActionEntry key={action.id} action={action} showStudent />
            ))}
          </section>
        ))}
    </Page>
  );
}

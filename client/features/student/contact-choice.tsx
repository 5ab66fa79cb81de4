import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RightsReply } from '../../../server/contracts/rights.ts';
import { put } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { takeFocus } from '../../ui/focus.ts';
import { SaveProblem } from './form-parts.tsx';

const text = student.about;

/** Opting out of contact because of analytics, its effect read first, and back in at any time. */
export function ContactChoice({ optOut }: { optOut: RightsReply['optOut'] }) {
  const t = useText();
  const refreshed = useRefreshed();
  const [isAsking, setIsAsking] = useState(false);
  /** Once something was chosen, the button that remains takes the focus from the one that went. */
  const [hasChosen, setHasChosen] = useState(false);
  const choose = useMutation({
    mutationFn: (isOptedOut: boolean) => put<RightsReply['optOut']>('/api/rights/contact', { isOptedOut }),
    onSuccess: async () => {
      await refreshed('rights');
      setHasChosen(true);
      setIsAsking(false);
    },
  });
  const isOut = optOut.since !== undefined;
  return (
    <>
      <p role="status">
        {optOut.since === undefined ? text.contactIn : t(text.contactOut, { date: sayDate(optOut.since) })}
      </p>
      <SaveProblem error={choose.error} />
      {isOut && (
        <BusyButton
          isBusy={choose.isPending}
          ref={hasChosen ? takeFocus : undefined}
          onClick={() => choose.mutate(false)}
        >
          {text.optIn}
        </BusyButton>
      )}
      {!isOut && !optOut.isAllowed && <p>{text.optNotAllowed}</p>}
      {!isOut && optOut.isAllowed && !isAsking && (
        <button
          type="button"
          className="button"
          ref={hasChosen ? takeFocus : undefined}
          onClick={() => setIsAsking(true)}
        >
          {text.optOut}
        </button>
      )}
      {!isOut && isAsking && (
        <div className="card">
          <h3 tabIndex={-1} ref={takeFocus}>
            {text.optOutTitle}
          </h3>
          <p>{optOut.effect}</p>
          <div className="buttons">
            <button
              type="button"
              className="button"
              onClick={() => {
                setHasChosen(true);
                setIsAsking(false);
              }}
            >
              {text.optOutNo}
            </button>
            <BusyButton isBusy={choose.isPending} onClick={() => choose.mutate(true)}>
              {text.optOutYes}
            </BusyButton>
          </div>
        </div>
      )}
    </>
  );
}

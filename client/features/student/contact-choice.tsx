import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RightsReply } from '../../../server/contracts/rights.ts';
import { put } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { useRefreshed } from './data.ts';
import { SaveProblem } from './form-parts.tsx';

const text = student.about;

/** Opting out of contact because of analytics, its effect read first, and back in at any time. */
export function ContactChoice({ optOut }: { optOut: RightsReply['optOut'] }) {
  const t = useText();
  const refreshed = useRefreshed();
  const [isAsking, setIsAsking] = useState(false);
  const choose = useMutation({
    mutationFn: (isOptedOut: boolean) => put<RightsReply['optOut']>('/api/rights/contact', { isOptedOut }),
    onSuccess: async () => {
      setIsAsking(false);
      await refreshed('rights');
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
        <button type="button" className="button" disabled={choose.isPending} onClick={() => choose.mutate(false)}>
          {text.optIn}
        </button>
      )}
      {!isOut && !optOut.isAllowed && <p>{text.optNotAllowed}</p>}
      {!isOut && optOut.isAllowed && !isAsking && (
        <button type="button" className="button" onClick={() => setIsAsking(true)}>
          {text.optOut}
        </button>
      )}
      {!isOut && isAsking && (
        <div className="card">
          <h3 tabIndex={-1} ref={(heading) => heading?.focus()}>
            {text.optOutTitle}
          </h3>
          <p>{optOut.effect}</p>
          <div className="buttons">
            <button type="button" className="button" onClick={() => setIsAsking(false)}>
              {text.optOutNo}
            </button>
            <button type="button" className="button" disabled={choose.isPending} onClick={() => choose.mutate(true)}>
              {text.optOutYes}
            </button>
          </div>
        </div>
      )}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { Addresses } from '../../../../server/contracts/drafts.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { takeFocus } from '../../../ui/focus.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { CopyAndRecord } from './copy-and-record.tsx';

/** The addresses for one message to many, to be sent from the tutor's own mail program. Waymark sends nothing. */
export function WriteToMany({
  personIds,
  onSent,
  onCancel,
}: {
  personIds: readonly string[];
  onSent: () => void;
  onCancel: () => void;
}) {
  const t = useText();
  const found = useQuery({
    queryKey: ['addresses', personIds],
    queryFn: () => post<Addresses>('/api/drafts/addresses', { personIds }),
    // Nobody's address stays in the page longer than it is shown.
    gcTime: 0,
  });
  const line = found.data?.addresses.join('; ') ?? '';
  return (
    <section className="form-box" aria-label={caseworkText.writeToMany}>
      <h2 tabIndex={-1} ref={takeFocus}>
        {caseworkText.writeToMany}
      </h2>
      {found.isPending && <Loading label={common.loading} />}
      {found.isError && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <>
          <Field
            label={t(caseworkText.addresses, { count: found.data.addresses.length })}
            hint={caseworkText.addressesHint}
          >
            {(wiring) => <textarea {...wiring} readOnly value={line} />}
          </Field>
          {found.data.optedOut > 0 && <p>{t(caseworkText.addressesOptedOut, { count: found.data.optedOut })}</p>}
          {found.data.withoutAddress > 0 && (
            <p>{t(caseworkText.addressesMissing, { count: found.data.withoutAddress })}</p>
          )}
        </>
      )}
      <p className="hint">{text.notSent}</p>
      <div className="buttons">
        <CopyAndRecord label={caseworkText.copyAddresses} text={line} isMain onSent={onSent} onCancel={onCancel} />
      </div>
    </section>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Guidance, Route } from '../../../../server/contracts/guidance.ts';
import { post } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { guidanceText } from '../../../text/tutor-guidance.ts';
import { text } from '../../../text/tutor.ts';
import { Page } from '../../../ui/page.tsx';
import { FormProblem } from '../casework/form-problem.tsx';
import { sayDay } from '../say-when.ts';

/** What the measures can and can't tell; acknowledged once a year before the list opens. */
export function GuidancePage({ guidance }: { guidance: Guidance }) {
  const t = useText();
  const { acknowledgedAt, validUntil } = guidance;
  return (
    <Page title={acknowledgedAt === undefined ? guidance.title : guidanceText.guidanceTitle}>
      {acknowledgedAt !== undefined && validUntil !== undefined && (
        <p className="page-lead">
          {t(guidanceText.acknowledgedUntil, { when: sayDay(acknowledgedAt), until: sayDay(validUntil) })}
        </p>
      )}
      {acknowledgedAt !== undefined && <Urgent guidance={guidance} />}
      <section>
        {acknowledgedAt !== undefined && <h2>{guidance.title}</h2>}
        <ul>
          {guidance.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </section>
      {acknowledgedAt === undefined && <Acknowledge guidance={guidance} />}
      {acknowledgedAt === undefined && <Urgent guidance={guidance} />}
      <section>
        <h2>{guidanceText.principles}</h2>
        <ul>
          {guidance.principles.map((principle) => (
            <li key={principle}>{principle}</li>
          ))}
        </ul>
        <p className="soft">
          {guidanceText.sources}: {guidance.sources.map(({ title }) => title).join('; ')}
        </p>
      </section>
    </Page>
  );
}

function Urgent({ guidance }: { guidance: Guidance }) {
  return (
    <>
      <section>
        <h2>{text.crisis}</h2>
        <p>{guidance.crisis.intro}</p>
        <p>{guidance.crisis.forStaff}</p>
        <ul>
          {guidance.crisis.contacts.map((route) => (
            <li key={route.name}>
              <RouteLine route={route} />
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{text.confidentiality}</h2>
        <p>{guidance.confidentiality}</p>
        <h2>{text.roleLimits}</h2>
        <p>{guidance.roleLimits}</p>
        <p>
          <RouteLine route={guidance.support} />
        </p>
      </section>
    </>
  );
}

function RouteLine({ route: { name, description, url, phone } }: { route: Route }) {
  return (
    <>
      {url ? (
        <a href={url} target="_blank" rel="noreferrer">
          {name}
        </a>
      ) : (
        <strong>{name}</strong>
      )}
      {phone && (
        <>
          {' '}
          <a href={`tel:${phone.replaceAll(' ', '')}`}>{phone}</a>
        </>
      )}
      : {description}
    </>
  );
}

function Acknowledge({ guidance }: { guidance: Guidance }) {
  const queries = useQueryClient();
  const [hasRead, setHasRead] = useState(false);
  const [isReminded, setIsReminded] = useState(false);
  const acknowledge = useMutation({
    mutationFn: () => post<Guidance>('/api/guidance/acknowledge', { version: guidance.version }),
    onSuccess: (reply) => queries.setQueryData(['guidance'], reply),
    onError: () => queries.invalidateQueries({ queryKey: ['guidance'] }),
  });
  return (
    <form
      className="form-box"
      onSubmit={(event) => {
        event.preventDefault();
        if (hasRead) acknowledge.mutate();
        else setIsReminded(true);
      }}
    >
      <p className="check">
        <input
          id="has-read"
          type="checkbox"
          checked={hasRead}
          onChange={({ target }) => {
            setHasRead(target.checked);
            setIsReminded(false);
          }}
        />
        <label htmlFor="has-read">{guidance.acknowledgement}</label>
      </p>
      {isReminded && (
        <p className="field-error" role="alert">
          {guidanceText.mustTick}
        </p>
      )}
      {acknowledge.isError && <FormProblem error={acknowledge.error} />}
      <button type="submit" className="button button-main" disabled={acknowledge.isPending}>
        {guidanceText.acknowledge}
      </button>
    </form>
  );
}

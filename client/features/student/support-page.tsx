import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Service, SupportReply, SupportRequest } from '../../../server/contracts/rights.ts';
import { post } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useRefreshed, useSupport } from './data.ts';
import { SaveProblem } from './form-parts.tsx';
import { RequestForm } from './request-form.tsx';

const text = student.support;

export function SupportPage() {
  const { data, error, refetch } = useSupport();
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      <p>
        {text.urgent} <Link href="/urgent">{text.urgentLink}</Link>
      </p>
      {data ? (
        <Support support={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

function Support({ support }: { support: SupportReply }) {
  return (
    <>
      <div className="week-columns">
        <section className="card" aria-labelledby="ask">
          <h2 id="ask">{text.ask}</h2>
          <RequestForm staff={support.staff} channels={support.channels} />
        </section>
        <section aria-labelledby="services">
          <h2 id="services">{text.services}</h2>
          <ul className="plain services">
            {support.services.map((service) => (
              <ServiceCard key={service.id} service={service} />
            ))}
          </ul>
        </section>
      </div>
      {support.requests.length > 0 && (
        <section aria-labelledby="requests">
          <h2 id="requests">{text.requests}</h2>
          <ul className="plain entries">
            {support.requests.map((request) => (
              <Request key={request.id} request={request} channels={support.channels} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function ServiceCard({ service: { name, description, url, fits } }: { service: Service }) {
  const t = useText();
  return (
    <li>
      <h3>{name}</h3>
      <p>
        {description}
        {fits.length > 0 && <span className="hint"> {t(text.fits, { what: fits.join(', ').toLowerCase() })}</span>}
      </p>
      {url && (
        <p>
          <a href={url} target="_blank" rel="noreferrer">
            {t(text.visit, { name })}
          </a>
        </p>
      )}
    </li>
  );
}

function Request({ request, channels }: { request: SupportRequest; channels: SupportReply['channels'] }) {
  const t = useText();
  const refreshed = useRefreshed();
  const withdraw = useMutation({
    mutationFn: () => post<SupportRequest>(`/api/rights/support/${request.id}/withdraw`, { rev: request.rev }),
    onSettled: () => refreshed('support'),
  });
  const isOpen = ['asked', 'seen', 'arranged'].includes(request.state);
  const channel = channels.find(({ id }) => id === request.channel)?.label ?? request.channel;
  return (
    <li className="card">
      <h3>
        {sayDate(request.askedAt)} <span className="tag">{text.states[request.state]}</span>
      </h3>
      <p>
        {request.with ? t(text.requestWith, { name: request.with }) : text.anybody}; {channel}
        {request.topic && `; ${t(text.topics[request.topic])}`}
        {request.when && `; ${request.when}`}
      </p>
      {request.about && <p className="own-words">{request.about}</p>}
      {request.meetingAt !== undefined && <p>{t(text.meeting, { when: sayDate(request.meetingAt) })}</p>}
      {request.reply && (
        <>
          <p>{request.answeredBy ? t(text.reply, { name: request.answeredBy }) : text.replyNobody}</p>
          <blockquote className="own-words">{request.reply}</blockquote>
        </>
      )}
      <ol className="steps">
        {request.history.map(({ state, at }) => (
          <li key={state + at}>{t(text.step, { state: text.steps[state], when: sayDate(at) })}</li>
        ))}
      </ol>
      <SaveProblem error={withdraw.error} />
      {isOpen && (
        <button type="button" className="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {text.takeBack}
        </button>
      )}
    </li>
  );
}

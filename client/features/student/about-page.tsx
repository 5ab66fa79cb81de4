import { Link } from 'wouter';
import type { RightsReply, Route } from '../../../server/contracts/rights.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ChallengeList } from './challenge-list.tsx';
import { ContactChoice } from './contact-choice.tsx';
import { useDashboard, useRights } from './data.ts';
import { Downloads } from './downloads.tsx';
import { Looks } from './looks.tsx';
import { Recorded } from './recorded.tsx';

const text = student.about;

export function AboutPage() {
  const t = useText();
  const { data, error, refetch } = useRights();
  return (
    <Page title={text.title} lead={<p>{t(text.lead)}</p>}>
      {data ? (
        <About rights={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

function About({ rights }: { rights: RightsReply }) {
  const t = useText();
  const { data } = useDashboard();
  const { expectations } = rights;
  return (
    <>
      <section aria-labelledby="see">
        <h2 id="see">{text.seeTitle}</h2>
        <p>{t(text.see)}</p>
        <ul>
          <li>
            <Link href="/weeks">{text.seeWeeks}</Link>
          </li>
          <li>
            <Link href="/how">{text.seeHow}</Link>
          </li>
        </ul>
      </section>
      {data && <Recorded view={data.view} />}
      <Looks looks={rights.looks} {...(data && { timeZone: data.view.course.timeZone })} />
      <section aria-labelledby="contact">
        <h2 id="contact">{text.contact}</h2>
        <ContactChoice optOut={rights.optOut} />
      </section>
      <ChallengeList challenges={rights.challenges} />
      <section aria-labelledby="expectations">
        <h2 id="expectations">{t(text.expectations)}</h2>
        <p>{expectations.intro}</p>
        <ul>
          {expectations.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        <h3>{text.who}</h3>
        <p>{expectations.whoMakesContact}</p>
        <h3>{text.looksLike}</h3>
        <p>{expectations.whatContactLooksLike}</p>
        <h3>{text.yourPart}</h3>
        <p>{expectations.yourPart}</p>
        {expectations.staff.length > 0 && (
          <>
            <h3>{t(text.staff)}</h3>
            <ul>
              {expectations.staff.map(({ id, name, role }) => (
                <li key={id}>
                  {name} ({t(text.roles[role])})
                </li>
              ))}
            </ul>
          </>
        )}
        <details>
          <summary>{text.principles}</summary>
          <ul>
            {rights.principles.map((principle) => (
              <li key={principle}>{principle}</li>
            ))}
          </ul>
        </details>
      </section>
      <section aria-labelledby="complaints">
        <h2 id="complaints">{text.complaints}</h2>
        <ol>
          {rights.complaints.map((route) => (
            <li key={route.name}>
              <RouteText route={route} />
            </li>
          ))}
        </ol>
        <h3>{text.questions}</h3>
        <RouteText route={rights.questions} />
      </section>
      <Downloads keptDays={rights.keptDays} />
    </>
  );
}

function RouteText({ route: { name, description, url, phone } }: { route: Route }) {
  return (
    <p>
      <strong>{name}.</strong> {description} {phone}{' '}
      {url && (
        <a href={url} target="_blank" rel="noreferrer">
          {text.visit}
          <span className="only-spoken">: {name}</span>
        </a>
      )}
    </p>
  );
}

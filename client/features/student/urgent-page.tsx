import { useSession, useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Page } from '../../ui/page.tsx';

const text = student.urgent;

/** Who listens now. Everything it says came with the session: opening it asks nobody anything. */
export function UrgentPage() {
  const t = useText();
  const { crisis } = useSession();
  return (
    <Page title={text.title} lead={<p>{crisis.intro}</p>}>
      <ul className="cards plain">
        {crisis.contacts.map(({ name, description, phone, url }) => (
          <li key={name} className="card">
            <h2>{name}</h2>
            <p>{description}</p>
            <div className="buttons">
              {phone && (
                <a className="button button-main" href={`tel:${phone.replaceAll(' ', '')}`}>
                  {t(text.call, { phone })}
                </a>
              )}
              {url && (
                <a className="button" href={url} target="_blank" rel="noreferrer">
                  {text.visit}
                  <span className="only-spoken">: {name}</span>
                </a>
              )}
            </div>
          </li>
        ))}
      </ul>
      <p className="hint">{text.noTrace}</p>
    </Page>
  );
}

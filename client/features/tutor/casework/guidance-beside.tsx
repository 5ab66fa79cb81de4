import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { useText } from '../../../session.ts';
import { useGuidance } from '../data.ts';

/** One step from wherever a note is written: what to do in a crisis, what may be promised, where one's role ends. */
export function GuidanceBeside() {
  const t = useText();
  const { data } = useGuidance();
  if (!data) return null;
  return (
    <details>
      <summary>{t(caseworkText.guidanceBeside)}</summary>
      <p>
        <strong>{text.crisis}</strong>
      </p>
      <p>{data.crisis.forStaff}</p>
      <ul>
        {data.crisis.contacts.map(({ name, description, url, phone }) => (
          <li key={name}>
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
          </li>
        ))}
      </ul>
      <p>
        <strong>{text.confidentiality}</strong>
      </p>
      <p>{data.confidentiality}</p>
      <p>
        <strong>{text.roleLimits}</strong>
      </p>
      <p>{data.roleLimits}</p>
    </details>
  );
}

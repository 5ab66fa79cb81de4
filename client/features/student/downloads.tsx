import { useMutation } from '@tanstack/react-query';
import type { RightsReply } from '../../../server/contracts/rights.ts';
import { download } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { SaveProblem } from './form-parts.tsx';

const text = student.about;

export function Downloads({ keptDays }: Pick<RightsReply, 'keptDays'>) {
  const t = useText();
  const fetching = useMutation({
    mutationFn: (format: 'html' | 'json') => download(`/api/rights/download.${format}`, `waymark.${format}`),
  });
  return (
    <section aria-labelledby="download">
      <h2 id="download">{text.download}</h2>
      <p>{t(text.downloadLead)}</p>
      <SaveProblem error={fetching.error} />
      <div className="buttons">
        <button type="button" className="button" disabled={fetching.isPending} onClick={() => fetching.mutate('html')}>
          {text.downloadHtml}
        </button>
        <button type="button" className="button" disabled={fetching.isPending} onClick={() => fetching.mutate('json')}>
          {text.downloadJson}
        </button>
      </div>
      <p className="hint">{t(text.kept, { course_days: keptDays.course, audit_days: keptDays.audit })}</p>
    </section>
  );
}

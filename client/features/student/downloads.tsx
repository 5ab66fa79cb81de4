import { useMutation } from '@tanstack/react-query';
import type { RightsReply } from '../../../server/contracts/rights.ts';
import { download } from '../../api.ts';
import { saySpan } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { BusyButton } from '../../ui/busy-button.tsx';
import { SaveProblem } from './form-parts.tsx';

const text = student.about;

export function Downloads({ keptDays }: Pick<RightsReply, 'keptDays'>) {
  const t = useText();
  const fetching = useMutation({
    mutationFn: (format: 'html' | 'json') => download(`/api/rights/download.${format}`, `waymark.${format}`),
  });
  return (
    <section className="card" aria-labelledby="download">
      <h2 id="download" tabIndex={-1}>
        {text.download}
      </h2>
      <p>{t(text.downloadLead)}</p>
      <SaveProblem error={fetching.error} />
      <div className="buttons">
        <BusyButton isBusy={fetching.isPending} onClick={() => fetching.mutate('html')}>
          {text.downloadHtml}
        </BusyButton>
        <BusyButton isBusy={fetching.isPending} onClick={() => fetching.mutate('json')}>
          {text.downloadJson}
        </BusyButton>
      </div>
      <p className="hint">
        {t(text.kept, { course_time: saySpan(keptDays.course), audit_time: saySpan(keptDays.audit) })}
      </p>
    </section>
  );
}

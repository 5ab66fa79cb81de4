import { useState } from 'react';
import { takeFocus } from './focus.ts';

/** A step that can't be undone is asked about once more, in place. */
export function ConfirmButton({
  label,
  about,
  question,
  yes,
  no,
  onConfirm,
}: {
  label: string;
  /** What it is done to, for whoever hears the button alone. */
  about: string;
  question: string;
  yes: string;
  no: string;
  onConfirm: () => void;
}) {
  const [state, setState] = useState<'resting' | 'asking' | 'answered'>('resting');
  if (state !== 'asking') {
    return (
      <button
        type="button"
        className="button button-quiet"
        ref={state === 'answered' ? takeFocus : undefined}
        onClick={() => setState('asking')}
      >
        {label}
        <span className="only-spoken">: {about}</span>
      </button>
    );
  }
  return (
    <span className="buttons" role="group" aria-label={question}>
      <span>{question}</span>
      {/* The button that was pressed is gone; the harmless choice takes the focus. */}
      <button type="button" className="button" ref={takeFocus} onClick={() => setState('answered')}>
        {no}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          setState('answered');
          onConfirm();
        }}
      >
        {yes}
      </button>
    </span>
  );
}

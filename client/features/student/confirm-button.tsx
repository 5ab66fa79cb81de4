import { useState } from 'react';

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
  const [isAsking, setIsAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" className="button button-quiet" onClick={() => setIsAsking(true)}>
        {label}
        <span className="only-spoken">: {about}</span>
      </button>
    );
  }
  return (
    <span className="buttons" role="group" aria-label={question}>
      <span>{question}</span>
      {/* The button that was pressed is gone; the harmless choice takes the focus. */}
      <button type="button" className="button" ref={takeFocus} onClick={() => setIsAsking(false)}>
        {no}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => {
          setIsAsking(false);
          onConfirm();
        }}
      >
        {yes}
      </button>
    </span>
  );
}

function takeFocus(button: HTMLButtonElement | null): void {
  button?.focus();
}

import { useState } from 'react';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { copyText } from './copy-text.ts';

/** What follows on a text that is sent from one's own mail program: copy it, then record that it was sent. */
export function CopyAndRecord({
  label,
  text,
  isMain = false,
  onSent,
  onCancel,
}: {
  label: string;
  text: string;
  isMain?: boolean;
  onSent: () => void;
  onCancel: () => void;
}) {
  const [copied, setCopied] = useState<boolean>();
  return (
    <>
      <button
        type="button"
        className={isMain ? 'button button-main' : 'button'}
        disabled={text === ''}
        onClick={() => void copyText(text).then(setCopied)}
      >
        {label}
      </button>
      <button type="button" className="button" onClick={onSent}>
        {caseworkText.thenRecord}
      </button>
      <button type="button" className="button" onClick={onCancel}>
        {caseworkText.cancel}
      </button>
      <span role="status">{copied !== undefined && (copied ? caseworkText.copied : caseworkText.notCopied)}</span>
    </>
  );
}

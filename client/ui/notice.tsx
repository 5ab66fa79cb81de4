import type { ReactNode } from 'react';

const marks = { information: 'i', good: '✓', attention: '!' } as const;

/** A message set apart. The mark carries the kind as well as the colour; add role="alert" outside where it appears suddenly. */
export function Notice({ kind, title, children }: { kind: keyof typeof marks; title?: string; children: ReactNode }) {
  return (
    <div className={`notice notice-${kind}`}>
      <span className="notice-mark" aria-hidden="true">
        {marks[kind]}
      </span>
      <div className="notice-body">
        {title && <strong className="notice-title">{title}</strong>}
        {children}
      </div>
    </div>
  );
}

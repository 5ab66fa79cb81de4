import type { ReactNode } from 'react';

const marks = { information: 'i', good: '✓', attention: '!' } as const;

/**
 * A message set apart. The mark carries the kind as well as the colour; add role="alert" outside where it appears suddenly. One
 * that is a part of its page has its title as a heading, so that whoever goes from heading to heading meets it.
 */
export function Notice({
  kind,
  title,
  headingLevel,
  children,
}: {
  kind: keyof typeof marks;
  title?: string;
  headingLevel?: 2 | 3;
  children: ReactNode;
}) {
  const Title = headingLevel ? (`h${headingLevel}` as const) : 'strong';
  return (
    <div className={`notice notice-${kind}`}>
      <span className="notice-mark" aria-hidden="true">
        {marks[kind]}
      </span>
      <div className="notice-body">
        {title && <Title className="notice-title">{title}</Title>}
        {children}
      </div>
    </div>
  );
}

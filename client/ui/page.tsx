import { useEffect, useRef, type ReactNode } from 'react';

/** A page of the tool: one heading, which takes the focus on arrival so that a screen reader starts there. */
export function Page({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Waymark`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main id="content" className="page">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead && <div className="page-lead">{lead}</div>}
      {children}
    </main>
  );
}

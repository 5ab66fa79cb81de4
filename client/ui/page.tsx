import { useLayoutEffect, useRef, type ReactNode } from 'react';

/** A page of the tool: one heading, which takes the focus on arrival so that a screen reader starts there. */
export function Page({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the page is painted: whoever sees it has the focus there already, and no later step is torn away.
  useLayoutEffect(() => {
    document.title = `${title} · Waymark`;
    // In a frame, focusing must not drag the platform's page along: only our own begins at its top.
    scrollTo(0, 0);
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

import { Component, type ReactNode } from 'react';
import { common } from '../text/common.ts';
import { Notice } from './notice.tsx';
import { UrgentHelpLink } from './urgent-help-link.tsx';

/**
 * Where a page can't be shown (a part of it did not arrive, or it broke), says so instead of leaving the window empty. With a
 * `fallback` it stands for one piece of a page, and the rest stays.
 */
export class ErrorBoundary extends Component<{ children: ReactNode; fallback?: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    if (this.props.fallback !== undefined) return this.props.fallback;
    return (
      <main className="page">
        <h1>{common.brokenTitle}</h1>
        <div role="alert">
          <Notice kind="attention">{common.broken}</Notice>
        </div>
        <p>
          <UrgentHelpLink />
        </p>
      </main>
    );
  }
}

import { caseworkText } from '../../../text/tutor-casework.ts';
import { Notice } from '../../../ui/notice.tsx';
import { takeFocus } from '../../../ui/focus.ts';

/** Settled by somebody else while one was writing: what was typed stays in sight until its writer throws it away. */
export function Overtaken({ typed, onDiscard }: { typed: string; onDiscard: () => void }) {
  return (
    <div role="alert">
      <Notice kind="attention" title={caseworkText.overtakenTitle}>
        <p>{caseworkText.overtaken}</p>
        <blockquote>
          <p className="typed">{typed}</p>
        </blockquote>
        <button type="button" className="button" onClick={onDiscard}>
          {caseworkText.discardTyped}
        </button>
      </Notice>
    </div>
  );
}

/** Says that a step was stored, in the place of the control that was pressed and is gone. */
export function Stored({ children }: { children: string }) {
  return (
    <p className="stored" role="status" tabIndex={-1} ref={takeFocus}>
      {children}
    </p>
  );
}

import type { ComponentProps } from 'react';

/** A button that can't be pressed twice, and keeps the focus while it works, which a disabled one loses. */
export function BusyButton({
  isBusy,
  onClick,
  type = 'button',
  className = 'button',
  ...rest
}: { isBusy: boolean } & ComponentProps<'button'>) {
  return (
    <button
      {...rest}
      // The two kinds that are ever used; a form is sent by the one that says so.
      type={type === 'submit' ? 'submit' : 'button'}
      className={className}
      aria-disabled={isBusy || undefined}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}

import { common } from '../text/common.ts';

/** The way to urgent help where there is no session that could show it: a plain page of its own. */
export function UrgentHelpLink() {
  return (
    <a href="/urgent-help" target="_blank" rel="noreferrer">
      {common.urgentHelp}
      <span className="only-spoken">{common.newTab}</span>
    </a>
  );
}

import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * A strict content security policy: our own scripts and styles, no inline code, and framed only by registered platforms.
 * `frameAncestors` is asked per request, because platforms come and go while the server runs.
 */
export function securityHeaders({
  frameAncestors,
  isHttps,
}: {
  frameAncestors: () => Promise<readonly string[]>;
  isHttps: boolean;
}): RequestHandler {
  const others = helmet({
    contentSecurityPolicy: false,
    frameguard: false, // X-Frame-Options can't name several origins; frame-ancestors does it.
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000 } : false,
  });
  return async (request, response, next) => {
    const ancestors = await frameAncestors();
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      `frame-ancestors 'self' ${ancestors.join(' ')}`.trimEnd(),
    ].join('; ');
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    others(request, response, next);
  };
}

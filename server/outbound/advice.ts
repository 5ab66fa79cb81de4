/**
 * What an administrator can do about a request that failed on its way, by the reason that `OutboundFailed` gives; undefined
 * where the reason tells too little. Without a full stop.
 */
export function adviceOn(reason: string): string | undefined {
  if (reason === 'CERT_HAS_EXPIRED') return 'Its certificate has expired';
  if (reason === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'Its certificate is for another name than the address';
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(reason)) {
    return 'The certificate is not trusted here: send the whole chain; a private authority’s goes into NODE_EXTRA_CA_CERTS';
  }
  if (/SSL|TLS|EPROTO/.test(reason)) return 'It does not speak https at this address';
  if (reason === 'ENOTFOUND' || reason === 'EAI_AGAIN') return 'The name is not known to the DNS of this machine';
  if (reason === 'ECONNREFUSED') return 'Nothing listens there: check host, port and firewall';
  if (/^no answer|TIMEDOUT/.test(reason)) return 'It is slow, or a firewall swallows the request';
  return undefined;
}

/**
 * Client certificates. TLS, or the gateway in front of it (SM2 certificates need one), has checked the
 * chain; here only the fingerprint matters, and whether it may be believed.
 */
import { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';

/** The gateway writes the certificate here, as SHA-256 fingerprint or as URL-encoded PEM, and removes what a client sent. */
export const certificateHeader = 'huzheng-client-certificate';

const plain = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/** @returns undefined when the text is not a PEM certificate */
export function readCertificate(pem: string): { fingerprint: string; subject: string; valid_from: Date; valid_to: Date } | undefined {
  try {
    const certificate = new X509Certificate(pem);
    return { fingerprint: plain(certificate.fingerprint256), subject: certificate.subject, valid_from: new Date(certificate.validFrom), valid_to: new Date(certificate.validTo) };
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/**
 * SHA-256 fingerprint of the client certificate that was verified for this request, lower-case hex.
 * @param gateways addresses whose header is believed; from anybody else it is ignored
 */
export function certificateOf(request: Pick<FastifyRequest, 'headers' | 'raw'>, gateways: readonly string[] = []): string | null {
  const { socket } = request.raw;
  if (socket instanceof TLSSocket && socket.authorized) {
    const fingerprint = socket.getPeerCertificate().fingerprint256;
    if (fingerprint !== undefined) return plain(fingerprint);
  }
  const header = request.headers[certificateHeader];
  if (typeof header !== 'string' || !gateways.includes(socket.remoteAddress ?? '')) return null;
  if (/^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(header)) return plain(header);
  return readCertificate(decoded(header))?.fingerprint ?? null;
}

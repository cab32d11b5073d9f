import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** PEM texts. With `ca`, whoever connects must show a certificate of one of these authorities. */
export type TlsTexts = { key: string; cert: string; ca: string | null };

/**
 * Reads what a port needs to speak TLS.
 * @param files where key, certificate (with its chain) and authorities of clients lie; '' for none
 * @returns null when neither key nor certificate is named
 * @throws Error with a sentence for the operator, when a file is missing or cannot be used
 */
export function readTls(files: { key: string; cert: string; ca: string }): TlsTexts | null {
  if (!files.key && !files.cert && !files.ca) return null;
  if (!files.key || !files.cert) throw new Error('the key and the certificate belong together');
  const [key, cert] = [textOf(files.key), textOf(files.cert)];
  const ca = files.ca ? textOf(files.ca) : null;
  try {
    createSecureContext({ key, cert, ...(ca !== null && { ca }) });
  } catch (error) {
    throw new Error(`the key, the certificate or the authorities cannot be used: ${(error as Error).message}`);
  }
  if (ca !== null && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error(`${files.ca} holds no certificate of an authority`);
  return { key, cert, ca };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${file} cannot be read`);
  }
}

import { MllpClient } from '../../server/src/border/hl7v2/index.ts';

/** What an acknowledgement says: MSA-1, MSA-2, and each ERR with its place (ERR-2), severity (ERR-4), rule (ERR-5.1) and sentence (ERR-8). */
export type Acknowledgement = {
  text: string;
  code: string;
  controlId: string;
  errors: { place: string; severity: string; rule: string; sentence: string }[];
};

export function readAcknowledgement(bytes: Buffer): Acknowledgement {
  const text = bytes.toString();
  const segments = text.split('\r').map((line) => line.split('|'));
  const msa = segments.find(([name]) => name === 'MSA');
  return {
    text,
    code: msa?.[1] ?? '',
    controlId: msa?.[2] ?? '',
    errors: segments
      .filter(([name]) => name === 'ERR')
      .map((fields) => ({
        place: fields[2] ?? '',
        severity: fields[4] ?? '',
        rule: fields[5]?.split('^')[0] ?? '',
        sentence: fields[8] ?? '',
      })),
  };
}

/** Sends one message on a connection of its own. */
export async function sendMllp(port: number, message: Buffer | string): Promise<Acknowledgement> {
  const client = new MllpClient({ host: '127.0.0.1', port });
  try {
    return readAcknowledgement(await client.send(Buffer.from(message as string)));
  } finally {
    client.close();
  }
}

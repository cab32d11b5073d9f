import {
  createCipheriv,
  createECDH,
  createPrivateKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto';

export type PushSubscription = { endpoint: string; keys: { p256dh: string; auth: string } };
/** The platform's own key pair (VAPID, RFC 8292): the uncompressed public point and the private number, base64url. */
export type PushKeys = { publicKey: string; privateKey: string };

const base64 = (text: string): Buffer => Buffer.from(text, 'base64url');
const derive = (secret: Buffer, salt: Buffer, info: Buffer | string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

export function makePushKeys(): PushKeys {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), base64(jwk.x as string), base64(jwk.y as string)]);
  return { publicKey: point.toString('base64url'), privateKey: jwk.d as string };
}

/**
 * The body of a push message: aes128gcm content coding (RFC 8188) under keys agreed with the browser (RFC 8291). `ephemeral` and `salt` are
 * drawn anew for each message; tests give those of the RFC.
 */
export function encryptPush(
  plain: Buffer,
  { p256dh, auth }: PushSubscription['keys'],
  { ephemeral, salt }: { ephemeral?: Buffer; salt: Buffer } = { salt: randomBytes(16) },
): Buffer {
  const own = createECDH('prime256v1');
  if (ephemeral) own.setPrivateKey(ephemeral);
  else own.generateKeys();
  const [receiver, sender] = [base64(p256dh), own.getPublicKey()];
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, sender]);
  const input = derive(own.computeSecret(receiver), base64(auth), info, 32);
  const key = derive(input, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(input, salt, 'Content-Encoding: nonce\0', 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // One record; 2 marks the last one.
  const sealed = Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.of(2)])),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const head = Buffer.alloc(21);
  salt.copy(head);
  head.writeUInt32BE(4096, 16);
  head.writeUInt8(sender.length, 20);
  return Buffer.concat([head, sender, sealed]);
}

/** The Authorization header that says who pushes (RFC 8292): an ES256 token for the push service's origin, valid for 12 hours. */
export function vapidHeader(
  endpoint: string,
  subject: string,
  { publicKey, privateKey }: PushKeys,
  now: number,
): string {
  const point = base64(publicKey);
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: privateKey,
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({
    aud: new URL(endpoint).origin,
    exp: Math.floor(now / 1000) + 43_200,
    sub: subject,
  })}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `vapid t=${text}.${signature}, k=${publicKey}`;
}

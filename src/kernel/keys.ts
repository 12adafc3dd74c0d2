/** Keys of this network: one to sign what leaves it, one to seal what it keeps. Files are private to the user. */
import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './config.ts';

function writeOnce(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    // A link never overwrites: of two processes starting at once the first key stands.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

export interface NetworkKeys {
  /** Ed25519 signature over the bytes. */
  sign(bytes: Uint8Array): string;
  /** AES-256-GCM; the result carries nonce and tag. `about` binds the value to its place. */
  seal(plain: Uint8Array | string, about: string): Buffer;
  /** @throws Error when value or place do not match */
  unseal(sealed: Uint8Array, about: string): Buffer;
  /** Keyed digest for equality look-ups; an unkeyed digest of an ID number would be the ID number. */
  digest(text: string): string;
  /** Key for cookies and form tokens. */
  readonly token_key: Buffer;
}

/** Opens the keys of a network, making them on first use. The private part never leaves its network. */
export function openKeys(directory: string, network: Network): NetworkKeys {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const privatePath = join(directory, `${network}.signing.pem`);
  const publicPath = join(directory, `${network}.public.pem`);
  const secretPath = join(directory, `${network}.secret`);
  if (!existsSync(privatePath)) {
    const pair = generateKeyPairSync('ed25519');
    writeOnce(privatePath, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  }
  const privateKey = createPrivateKey(readFileSync(privatePath));
  if (!existsSync(publicPath)) writeOnce(publicPath, createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string);
  if (!existsSync(secretPath)) writeOnce(secretPath, randomBytes(32));
  const secret = readFileSync(secretPath);
  const sealKey = createHmac('sha256', secret).update('seal').digest();
  const digestKey = createHmac('sha256', secret).update('digest').digest();
  return {
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
    seal(plain, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      cipher.setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    unseal(sealed, about) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    },
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex'),
    token_key: createHmac('sha256', secret).update('token').digest(),
  };
}

/** The public key by which the other network's parcels are checked. @throws Error when it is not installed */
export function publicKeyOf(directory: string, network: Network): KeyObject {
  return createPublicKey(readFileSync(join(directory, `${network}.public.pem`)));
}

export function verifySignature(bytes: Uint8Array, signature: string, key: KeyObject): boolean {
  return verify(null, bytes, key, Buffer.from(signature, 'base64'));
}
